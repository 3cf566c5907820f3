import { and, count, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Act } from '../../../platform/audit/acts.ts'
import { DAY_MS } from '../../../platform/clock.ts'
import type { Db } from '../../../platform/db/store.ts'
import { apiKeys } from '../api-keys/tables.ts'
import type { TokenPurpose } from '../domain/mailed-tokens.ts'
import { passkeys } from '../passkeys/tables.ts'
import { linkedIdentities } from '../providers/tables.ts'
import { users } from '../tables.ts'
import { mailedTokens } from './tables.ts'

/** What of the newest token of its kind decides whether another may be mailed. */
export interface NewestToken {
  requestId: string
  hash: string
  sentTo: string
  createdAt: number
  expiresAt: number
  usedAt: number | null
}

/** Whom a mail would go to, and what they were mailed before. */
export interface Addressee {
  userId: string
  email: string
  firstName: string
  isActive: boolean
  isEmailVerified: boolean
  newest: NewestToken | undefined
  /** Mails of this kind within a day; more than a few are not told apart. */
  mailedWithinADay: number
}

const MOST_COUNTED = 20

/** The account of an address, or of a user's id. `audited` is the act by which its mails of this kind are counted. */
export async function findAddressee(
  db: Db,
  who: { email: string } | { userId: string },
  { purpose, audited, now }: { purpose: TokenPurpose; audited: Act; now: number },
): Promise<Addressee | undefined> {
  const [row] = await db
    .select({
      userId: sql<string>`${users.id}`.as('addressee_id'),
      email: sql<string>`${users.email}`.as('account_email'),
      firstName: users.firstName,
      isActive: users.isActive,
      isEmailVerified: users.isEmailVerified,
      requestId: mailedTokens.requestId,
      tokenHash: sql<string | null>`${mailedTokens.hash}`.as('token_hash'),
      sentTo: sql<string | null>`${mailedTokens.email}`.as('sent_to'),
      tokenCreatedAt: sql<number | null>`${mailedTokens.createdAt}`.as('token_created_at'),
      expiresAt: mailedTokens.expiresAt,
      usedAt: mailedTokens.usedAt,
      mailedWithinADay: sql<number>`(select count(*) from (
        select 1 from audit where audit.target_type = 'user' and audit.target_id = users.id
          and audit.action = ${audited} and audit.at > ${now - DAY_MS} limit ${MOST_COUNTED}))`.as('mailed'),
    })
    .from(users)
    .leftJoin(mailedTokens, and(eq(mailedTokens.userId, users.id), eq(mailedTokens.purpose, purpose)))
    .where('email' in who ? eq(users.email, who.email) : eq(users.id, who.userId))
  if (!row) return undefined
  const { requestId, tokenHash, sentTo, tokenCreatedAt, expiresAt, usedAt, ...addressee } = row
  const newest =
    requestId === null || tokenHash === null || sentTo === null || tokenCreatedAt === null || expiresAt === null
      ? undefined
      : { requestId, hash: tokenHash, sentTo, createdAt: tokenCreatedAt, expiresAt, usedAt }
  return { ...addressee, newest }
}

/** Whom a mail that only tells of something goes to. */
export async function findRecipient(
  db: Db,
  userId: string,
): Promise<{ email: string; firstName: string; isActive: boolean } | undefined> {
  const [row] = await db
    .select({ email: users.email, firstName: users.firstName, isActive: users.isActive })
    .from(users)
    .where(eq(users.id, userId))
  return row
}

/** A token as it was found by its hash, and the account that it is for. */
export interface FoundToken {
  userId: string
  purpose: TokenPurpose
  /** Where it was sent: the only address that it proves. */
  sentTo: string
  expiresAt: number
  usedAt: number | null
  /** The account's address now. */
  email: string
  firstName: string
  lastName: string
  username: string
  passwordHash: string
  isActive: boolean
  isEmailVerified: boolean
  /** Passkeys or API keys, besides the password. */
  hasOtherWaysIn: boolean
}

export async function findToken(db: Db, hash: string): Promise<FoundToken | undefined> {
  const [row] = await db
    .select({
      userId: mailedTokens.userId,
      purpose: mailedTokens.purpose,
      sentTo: sql<string>`${mailedTokens.email}`.as('sent_to'),
      expiresAt: mailedTokens.expiresAt,
      usedAt: mailedTokens.usedAt,
      email: sql<string>`${users.email}`.as('account_email'),
      firstName: users.firstName,
      lastName: users.lastName,
      username: users.username,
      passwordHash: users.passwordHash,
      isActive: users.isActive,
      isEmailVerified: users.isEmailVerified,
      waysIn: sql<number>`(exists (select 1 from passkeys where passkeys.user_id = users.id)
        or exists (select 1 from api_keys where api_keys.user_id = users.id and api_keys.revoked_at is null))`.as(
        'ways',
      ),
    })
    .from(mailedTokens)
    .innerJoin(users, eq(users.id, mailedTokens.userId))
    .where(eq(mailedTokens.hash, hash))
  if (!row) return undefined
  const { waysIn, ...token } = row
  return { ...token, hasOtherWaysIn: waysIn === 1 }
}

/** By what else than a password somebody is let in. */
export interface WaysIn {
  passkeys: number
  apiKeys: number
  linkedAccounts: number
}

/**
 * What lets in to the account of a token now: keys that still hold, and accounts of providers that are configured. By the
 * token's hash, so that nobody waits for whose it is.
 */
export async function countWaysIn(
  db: Db,
  { hash, now, providers }: { hash: string; now: number; providers: readonly string[] },
): Promise<WaysIn> {
  const { id, revokedAt, expiresAt } = apiKeys
  const userId = db.select({ userId: mailedTokens.userId }).from(mailedTokens).where(eq(mailedTokens.hash, hash))
  const [keys, programs, linked] = await db.batch([
    db.select({ count: count() }).from(passkeys).where(inArray(passkeys.userId, userId)),
    db
      .select({ count: count(id) })
      .from(apiKeys)
      .where(and(inArray(apiKeys.userId, userId), isNull(revokedAt), gt(expiresAt, now))),
    db
      .select({ count: count() })
      .from(linkedIdentities)
      .where(and(inArray(linkedIdentities.userId, userId), inArray(linkedIdentities.provider, [...providers]))),
  ])
  const of = ([row]: { count: number }[]) => row?.count ?? 0
  return { passkeys: of(keys), apiKeys: of(programs), linkedAccounts: of(linked) }
}

/** What a person must be known by, to choose a password or an address of their own. */
export interface OwnIdentity {
  email: string
  username: string
  firstName: string
  lastName: string
  passwordHash: string
  /** Since when signing in takes a second step. */
  mfaEnabledAt: number | null
}

export async function findOwnIdentity(db: Db, userId: string): Promise<OwnIdentity | undefined> {
  const [row] = await db
    .select({
      email: users.email,
      username: users.username,
      firstName: users.firstName,
      lastName: users.lastName,
      passwordHash: users.passwordHash,
      mfaEnabledAt: users.mfaEnabledAt,
    })
    .from(users)
    .where(eq(users.id, userId))
  return row
}

/** Whether a user's address is known to be theirs; false where there is no such user. */
export async function checkEmailVerified(db: Db, userId: string): Promise<boolean> {
  const [row] = await db.select({ isEmailVerified: users.isEmailVerified }).from(users).where(eq(users.id, userId))
  return row?.isEmailVerified ?? false
}
