import { eq, sql } from 'drizzle-orm'
import type { ProofStanding } from '../../../context.ts'
import type { Db } from '../../../platform/db/store.ts'
import type { ProofMethod } from '../../../platform/errors.ts'
import { NO_PASSWORD } from '../new-password.ts'
import { users } from '../tables.ts'
import { totpSecrets } from './tables.ts'

// Written out: in a query of one table drizzle drops the tables' names from columns, inner queries included.
const means = {
  hasPassword: sql<number>`users.password_hash <> ${NO_PASSWORD}`.as('has_password'),
  mfaEnabledAt: users.mfaEnabledAt,
  hasBackupCodes: sql<number>`exists (
    select 1 from backup_codes where backup_codes.user_id = users.id and backup_codes.used_at is null)`.as('has_codes'),
  hasPasskeys: sql<number>`exists (select 1 from passkeys where passkeys.user_id = users.id)`.as('has_passkeys'),
}

interface Means {
  hasPassword: number
  mfaEnabledAt: number | null
  hasBackupCodes: number
  hasPasskeys: number
}

/** Where signing in takes two steps, a password alone proves nothing afterwards either. */
function methodsOf({ hasPassword, mfaEnabledAt, hasBackupCodes, hasPasskeys }: Means): ProofMethod[] {
  const methods: [ProofMethod, boolean][] = [
    ['password', hasPassword === 1 && mfaEnabledAt === null],
    ['totp', mfaEnabledAt !== null],
    ['backup-code', mfaEnabledAt !== null && hasBackupCodes === 1],
    ['passkey', hasPasskeys === 1],
  ]
  const held = methods.flatMap(([method, isHeld]) => (isHeld ? [method] : []))
  return held.length > 0 ? held : ['sign-in']
}

/** By what a user may show who they are. */
export async function findProofMethods(db: Db, userId: string): Promise<ProofMethod[]> {
  const [row] = await db.select(means).from(users).where(eq(users.id, userId))
  return row ? methodsOf(row) : []
}

export async function findProofStanding(
  db: Db,
  session: { sessionId: string; userId: string },
): Promise<ProofStanding> {
  const provedAt = sql<number>`coalesce((
    select coalesce(sessions.proved_at, sessions.created_at) from sessions
    where sessions.id = ${session.sessionId} and sessions.revoked_at is null), 0)`.as('proved')
  const [row] = await db
    .select({ ...means, provedAt })
    .from(users)
    .where(eq(users.id, session.userId))
  return row ? { provedAt: row.provedAt, methods: methodsOf(row) } : { provedAt: 0, methods: [] }
}

/** Null where the account has no password of its own. */
export async function findPasswordHash(db: Db, userId: string): Promise<string | null> {
  const [row] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, userId))
  return row === undefined || row.passwordHash === NO_PASSWORD ? null : row.passwordHash
}

export interface TotpState {
  sealedSecret: string
  lastStep: number
  createdAt: number
  /** Null while the setup waits for its first code. */
  enabledAt: number | null
}

export async function findTotp(db: Db, userId: string): Promise<TotpState | undefined> {
  const [row] = await db
    .select({
      sealedSecret: totpSecrets.sealedSecret,
      lastStep: totpSecrets.lastStep,
      createdAt: totpSecrets.createdAt,
      enabledAt: totpSecrets.enabledAt,
    })
    .from(totpSecrets)
    .where(eq(totpSecrets.userId, userId))
  return row
}

export async function findMfaStatus(
  db: Db,
  userId: string,
): Promise<{ enabledAt: number | null; hasPassword: boolean; backupCodesLeft: number }> {
  const left = sql<number>`(
    select count(*) from backup_codes where backup_codes.user_id = users.id and backup_codes.used_at is null)`
  const [row] = await db
    .select({ enabledAt: users.mfaEnabledAt, hasPassword: means.hasPassword, backupCodesLeft: left.as('codes_left') })
    .from(users)
    .where(eq(users.id, userId))
  return {
    enabledAt: row?.enabledAt ?? null,
    hasPassword: row?.hasPassword === 1,
    backupCodesLeft: row?.backupCodesLeft ?? 0,
  }
}
