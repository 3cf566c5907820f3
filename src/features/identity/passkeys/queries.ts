import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../../../platform/db/store.ts'
import { type Entrant, entrant, toEntrant } from '../queries.ts'
import { users } from '../tables.ts'
import { passkeys } from './tables.ts'

/** So many may a person have. */
export const MOST_PASSKEYS = 20

const stored = {
  publicKey: passkeys.publicKey,
  counter: passkeys.counter,
  transports: passkeys.transports,
}

export interface StoredPasskey {
  id: string
  userId: string
  name: string
  publicKey: string
  counter: number
  transports: string[]
}

/** A passkey with the account to which it signs in. */
export async function findPasskeyAccount(
  db: Db,
  id: string,
  now: number,
): Promise<{ account: Entrant; passkey: StoredPasskey } | undefined> {
  const [row] = await db
    .select({ ...entrant(now), ...stored, passkeyName: sql<string>`${passkeys.name}`.as('passkey_name') })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.id, id))
  if (!row) return undefined
  const { publicKey, counter, transports, passkeyName, ...rest } = row
  return {
    account: toEntrant(rest),
    passkey: { id, userId: rest.id, name: passkeyName, publicKey, counter, transports },
  }
}

/** Newest first. */
export function listPasskeys(db: Db, userId: string) {
  return db
    .select({
      id: passkeys.id,
      name: passkeys.name,
      transports: passkeys.transports,
      isBackedUp: passkeys.isBackedUp,
      createdAt: passkeys.createdAt,
      lastUsedAt: passkeys.lastUsedAt,
    })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(desc(passkeys.createdAt), desc(passkeys.id))
    .limit(MOST_PASSKEYS)
}

export async function findOwnPasskeyName(db: Db, userId: string, id: string): Promise<string | undefined> {
  const [row] = await db
    .select({ name: passkeys.name })
    .from(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
  return row?.name
}

export async function findPasskeyOwner(db: Db, id: string): Promise<string | undefined> {
  const [row] = await db.select({ userId: passkeys.userId }).from(passkeys).where(eq(passkeys.id, id))
  return row?.userId
}
