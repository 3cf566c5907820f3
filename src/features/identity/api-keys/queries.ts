import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { Permission, SessionState } from '../../../context.ts'
import { DAY_MS, MINUTE_MS } from '../../../platform/clock.ts'
import { pruneInChunks } from '../../../platform/db/prune.ts'
import type { Db } from '../../../platform/db/store.ts'
import { idFloor } from '../../../platform/ids.ts'
import { SCOPES, type Scope, withinScopes } from '../domain/scopes.ts'
import { permissionNames, roleNames } from '../queries.ts'
import { users } from '../tables.ts'
import { apiKeys } from './tables.ts'

/** So many that are not revoked may a person have, the expired among them. */
export const MOST_KEYS = 20
/** The longest that one may live. */
export const MAX_KEY_DAYS = 365

export interface KeyState {
  state: SessionState
  /** SHA-256 of the key's secret. */
  hash: string
  lastUsedAt: number | null
}

/** What a live key may do now; undefined once it is revoked, expired, or its owner deactivated. */
export async function findKeyState(db: Db, keyId: string, now: number): Promise<KeyState | undefined> {
  const [row] = await db
    .select({
      userId: apiKeys.userId,
      hash: apiKeys.hash,
      scopes: apiKeys.scopes,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      username: users.username,
      avatar: users.avatar,
      tier: users.tier,
      isEmailVerified: users.isEmailVerified,
      roleNames,
      permissionNames,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(and(eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now), eq(users.isActive, true)))
  if (!row) return undefined
  const { hash, lastUsedAt, scopes: given, roleNames: held, permissionNames: allowed, ...owner } = row
  const scopes = knownScopes(given)
  const ownerRoles = JSON.parse(held) as string[]
  const narrowed = withinScopes(
    { ...owner, roles: ownerRoles, permissions: JSON.parse(allowed) as Permission[] },
    scopes,
  )
  // A key proves nothing but that somebody has it: it was never a fresh proof of who that is.
  return { state: { ...narrowed, sessionId: keyId, provedAt: 0, apiKey: { scopes, ownerRoles } }, hash, lastUsedAt }
}

/** A scope that exists no more gives nothing. */
export function knownScopes(given: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => given.includes(scope))
}

const USE_NOTED_MS = MINUTE_MS

export function isUseDue(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt === null || now - lastUsedAt >= USE_NOTED_MS
}

/** Notes a key's use: at most once a minute, however many isolates meet it. */
export async function noteKeyUse(db: Db, keyId: string, ip: string | null, now: number): Promise<void> {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now, lastUsedIp: ip })
    .where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now - USE_NOTED_MS + 1))))
}

export function listKeys(db: Db, userId: string) {
  return db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      hint: apiKeys.hint,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
      lastUsedAt: apiKeys.lastUsedAt,
      lastUsedIp: apiKeys.lastUsedIp,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id))
    .limit(MOST_KEYS)
}

/** Of a key that is not revoked. */
export async function findKeyOwner(db: Db, id: string): Promise<string | undefined> {
  const [row] = await db
    .select({ userId: apiKeys.userId })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
  return row?.userId
}

/** Of a key that is not revoked. */
export async function findOwnKeyName(db: Db, userId: string, id: string): Promise<string | undefined> {
  const [row] = await db
    .select({ name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt)))
  return row?.name
}

/** After its longest life a key is still listed for so long, as expired: its owner sees why a program has stopped. */
const KEEP_KEYS_MS = (MAX_KEY_DAYS + 30) * DAY_MS
const PRUNE_CHUNK = 1_000

/** Deletes keys that expired long ago; their ids tell when they were made. Answers how many. */
export function pruneApiKeys(db: Db, now: number): Promise<number> {
  const before = idFloor(now - KEEP_KEYS_MS)
  return pruneInChunks(async () => {
    const gone = await db.all(sql`
      delete from ${apiKeys} where id in (
        select id from api_keys where id < ${before} order by id limit ${PRUNE_CHUNK})
      returning 1 as gone
    `)
    return gone.length
  })
}
