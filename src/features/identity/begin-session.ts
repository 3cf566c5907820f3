import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { ACCESS_TOKEN_SECONDS } from '../../platform/security/access-token.ts'
import { type EndReason, MOST_LIVE_SESSIONS, notedExpiry } from './domain/session-policy.ts'
import { endingSessions } from './end-sessions.ts'
import type { Account, Entrant } from './queries.ts'
import type { SignedIn } from './schemas.ts'
import { sessions } from './tables.ts'
import { toCurrentUser } from './views.ts'

export interface NewSession {
  /** Goes into the batch of the sign-in or registration. */
  steps: Step[]
  /** Once the steps are committed: what the client gets. */
  answer: (account: Account) => SignedIn & { refreshToken: string }
}

/**
 * A session for somebody who may have others. Where they have as many as they may, the oldest of them end in the same
 * batch, as by any revocation.
 */
export async function beginSession(ctx: ServiceContext, { id, surplusSessions }: Entrant): Promise<NewSession> {
  const session = await beginFirstSession(ctx, id)
  const ending = { userId: id, sessionIds: surplusSessions, reason: 'too_many' } as const
  const { end, tell } = endingSessions(ctx, ending)
  return {
    steps: [...(surplusSessions.length > 0 ? [end, ...tell] : []), makeRoom(ctx, id), ...session.steps],
    answer: (account) => {
      for (const ended of surplusSessions) ctx.sessions.forget(ended)
      return session.answer(account)
    },
  }
}

/** Ends what others have begun since the surplus was read: of any number at once, the last one finds all of them. */
function makeRoom(ctx: ServiceContext, userId: string): Step {
  const now = ctx.clock()
  return sql`
    update sessions set revoked_at = ${now}, revoke_reason = ${'too_many' satisfies EndReason}
    where id in (
      select id from sessions where user_id = ${userId} and revoked_at is null and expires_at > ${now}
      order by id desc limit -1 offset ${MOST_LIVE_SESSIONS - 1})
  `
}

/** A new family of refresh tokens, with its first one. Nothing exists until the steps are committed. */
export async function beginFirstSession(ctx: ServiceContext, userId: string): Promise<NewSession> {
  const now = ctx.clock()
  const id = ctx.newId()
  const { token, hash } = await ctx.refreshTokens.derive({ sessionId: id, generation: 1 })
  const accessToken = await ctx.accessTokens.sign(userId, id)
  const row = {
    id,
    userId,
    generation: 1,
    refreshHash: hash,
    ip: ctx.origin.ip,
    userAgent: ctx.origin.userAgent,
    place: ctx.origin.place,
    createdAt: now,
    rotatedAt: now,
    expiresAt: notedExpiry(now, now),
  }
  return {
    steps: [ctx.core.db.insert(sessions).values(row)],
    answer: (account) => signedIn(account, accessToken, token),
  }
}

export function signedIn(
  account: Account,
  accessToken: string,
  refreshToken: string,
): SignedIn & { refreshToken: string } {
  return {
    user: toCurrentUser(account),
    accessToken,
    refreshToken,
    expiresIn: ACCESS_TOKEN_SECONDS,
    tokenType: 'Bearer',
  }
}
