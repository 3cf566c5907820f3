import { and, eq, isNull, lt } from 'drizzle-orm'
import type { Rotated } from '../../../durable-objects/user-sessions/index.ts'
import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { sha256Hex } from '../../platform/security/encoding.ts'
import { signedIn } from './begin-session.ts'
import { notedExpiry, sessionExpiry } from './domain/session-policy.ts'
import { endSessions } from './end-sessions.ts'
import type { SignedIn } from './schemas.ts'
import { findRefreshState, type RefreshState } from './session-queries.ts'
import { sessions } from './tables.ts'

function invalid(reason: string): Refusal {
  return new Refusal('INVALID_REFRESH_TOKEN', 'The refresh token is not valid. Sign in again.', { reason })
}

/**
 * Exchanges a refresh token for its successor. The database says whether there is such a session, the object of its
 * person how far it has rotated: of many who come at once with the same token all are given the same successor.
 */
export async function refreshSession(ctx: ServiceContext, token: string): Promise<SignedIn & { refreshToken: string }> {
  const claims = await ctx.refreshTokens.open(token)
  if (!claims) throw invalid('not a token of ours')
  const { sessionId, generation } = claims
  const noted = await findRefreshState(ctx.core.db, sessionId)
  if (!noted) throw invalid('no such session')
  const now = ctx.clock()
  const { account } = noted
  if (noted.revokedAt !== null || noted.expiresAt <= now || !account.isActive) {
    throw invalid('revoked, expired or deactivated')
  }
  const successor = await ctx.refreshTokens.derive({ sessionId, generation: generation + 1 })
  const rotated = await ctx.userSessions(account.id).rotate({
    ...{ sessionId, presented: { generation, hash: await sha256Hex(token) }, successorHash: successor.hash },
    noted: {
      ...{ generation: noted.generation, refreshHash: noted.refreshHash },
      ...{ createdAt: noted.createdAt, rotatedAt: noted.rotatedAt },
    },
    ...{ origin: ctx.origin, at: now },
  })
  switch (rotated.decision) {
    case 'rotate':
    case 'repeat':
      if (successor.hash !== rotated.refreshHash) throw invalid('the key has changed since the rotation')
      await note(ctx, noted, { sessionId, generation: generation + 1, ...rotated })
      return signedIn(account, await ctx.accessTokens.sign(account.id, sessionId), successor.token)
    case 'reuse':
      await endSessions(ctx, { userId: account.id, sessionIds: [sessionId], reason: 'reuse' })
      throw invalid('reuse of a replaced token')
    case 'refuse':
      throw invalid('expired, or never given to anybody')
  }
}

/** Once a day the database hears that a session goes on. Who ends it meanwhile is right: it stays ended. */
async function note(
  ctx: ServiceContext,
  { createdAt, expiresAt }: RefreshState,
  { sessionId, generation, refreshHash, rotatedAt }: Rotated & { sessionId: string; generation: number },
): Promise<void> {
  if (sessionExpiry(rotatedAt, createdAt) <= expiresAt) return
  const { ip, userAgent, place } = ctx.origin
  const noted = ctx.core.db
    .update(sessions)
    .set({
      ...{ generation, refreshHash, rotatedAt, expiresAt: notedExpiry(rotatedAt, createdAt) },
      ...{ ip, userAgent, place },
    })
    .where(and(eq(sessions.id, sessionId), lt(sessions.generation, generation), isNull(sessions.revokedAt)))
  await ctx.core.commit([noted], { repeatable: true })
}
