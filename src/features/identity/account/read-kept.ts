import { and, desc, eq, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import { audit } from '../../../platform/db/platform-tables.ts'
import type { Db } from '../../../platform/db/store.ts'
import { deviceOf } from '../../../platform/device.ts'
import { NOTED_EVERY_MS, sessionExpiry } from '../domain/session-policy.ts'
import { mailedTokens } from '../recovery/tables.ts'
import { withRenewals } from '../session-renewals.ts'
import { sessions, users } from '../tables.ts'
import type { AccountExport } from './schemas.ts'

export interface Kept {
  facts: Pick<AccountExport['account'], 'tier' | 'isDiscoverable' | 'lastLoginAt' | 'phoneNumber' | 'bio' | 'address'>
  endedSessions: AccountExport['endedSessions']
  mailedTo: AccountExport['mailedTo']
  actsBy: AccountExport['actsBy']
  /** Whether there are more acts than were looked through. */
  hasMoreActs: boolean
}

/** What is kept of somebody beside what their pages show: at most so many sessions and acts, in one trip. */
export async function readKept(
  ctx: ServiceContext,
  userId: string,
  most: { sessions: number; acts: number },
): Promise<Kept> {
  const { db } = ctx.core
  const now = ctx.clock()
  const own = eq(sessions.userId, userId)
  const ended = (condition: SQL | undefined, place: SQL) =>
    db.select(SESSION).from(sessions).where(condition).orderBy(desc(place)).limit(most.sessions)
  const [people, revoked, expired, mailed, acts] = await db.batch([
    db
      .select({
        ...{ tier: users.tier, isDiscoverable: users.isDiscoverable, lastLoginAt: users.lastLoginAt },
        ...{ phoneNumber: users.phoneNumber, bio: users.bio, address: users.address },
      })
      .from(users)
      .where(eq(users.id, userId)),
    // The newest first, as the index of each has them: rows are written in the order in which sessions begin.
    ended(and(own, isNotNull(sessions.revokedAt)), sql`rowid`),
    ended(and(own, isNull(sessions.revokedAt), lte(sessions.expiresAt, now + NOTED_EVERY_MS)), sql`${sessions.id}`),
    db
      .select({ purpose: mailedTokens.purpose, email: mailedTokens.email, ...MAILED_TIMES })
      .from(mailedTokens)
      .where(eq(mailedTokens.userId, userId)),
    db
      .select(ACT)
      .from(audit)
      .where(eq(audit.actorId, userId))
      .orderBy(desc(audit.at), desc(audit.id))
      .limit(most.acts + 1),
  ])
  const renewed = await withRenewals(ctx, userId, [...revoked, ...expired])
  const [person] = people
  return {
    facts: {
      tier: person?.tier ?? 'free',
      isDiscoverable: person?.isDiscoverable ?? false,
      lastLoginAt: timeOf(person?.lastLoginAt),
      phoneNumber: person?.phoneNumber ?? null,
      bio: person?.bio ?? null,
      address: person?.address ?? null,
    },
    endedSessions: renewed
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .flatMap(({ createdAt, rotatedAt, expiresAt, revokedAt, revokeReason, ...session }) => {
        const endedAt = revokedAt ?? Math.min(expiresAt, sessionExpiry(rotatedAt, createdAt))
        if (endedAt > now) return []
        return {
          ...session,
          device: deviceOf(session.userAgent),
          createdAt: isoTime(createdAt),
          lastUsedAt: isoTime(rotatedAt),
          endedAt: isoTime(endedAt),
          why: revokeReason ?? ('expired' as const),
        }
      }),
    mailedTo: mailed.map(({ createdAt, expiresAt, usedAt, ...mail }) => ({
      ...mail,
      ...{ createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt), usedAt: timeOf(usedAt) },
    })),
    actsBy: acts
      .slice(0, most.acts)
      // Those on their own account stand among what was done to it.
      .filter(({ targetType, targetId }) => targetType !== 'user' || targetId !== userId)
      .map(({ at, ...act }) => ({
        ...act,
        device: act.userAgent === null ? null : deviceOf(act.userAgent),
        at: isoTime(at),
      })),
    hasMoreActs: acts.length > most.acts,
  }
}

/**
 * What was done about a mail address, newest first: somebody asked for a mail to it. Nobody knows who that was, so from
 * where they did is not told. `key` is the address as the trail names it.
 */
export async function listActsOnAddress(db: Db, key: string, limit: number): Promise<AccountExport['actsOnAddress']> {
  const rows = await db
    .select({ action: audit.action, at: audit.at })
    .from(audit)
    .where(and(eq(audit.targetType, 'mail_address'), eq(audit.targetId, key)))
    .orderBy(desc(audit.at))
    .limit(limit)
  return rows.map(({ action, at }) => ({ action, at: isoTime(at) }))
}

const SESSION = {
  ...{ id: sessions.id, ip: sessions.ip, place: sessions.place, userAgent: sessions.userAgent },
  ...{ createdAt: sessions.createdAt, rotatedAt: sessions.rotatedAt, expiresAt: sessions.expiresAt },
  ...{ revokedAt: sessions.revokedAt, revokeReason: sessions.revokeReason },
}
const MAILED_TIMES = {
  ...{ createdAt: mailedTokens.createdAt, expiresAt: mailedTokens.expiresAt, usedAt: mailedTokens.usedAt },
}
const ACT = {
  ...{ action: audit.action, at: audit.at, targetType: audit.targetType, targetId: audit.targetId },
  ...{ reason: audit.reason, ip: audit.ip, userAgent: audit.userAgent },
}

function timeOf(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoTime(ms)
}
