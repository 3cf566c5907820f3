import { and, eq, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { sha256Hex } from '../../platform/security/encoding.ts'
import type { RefreshClaims } from '../../platform/security/refresh-token.ts'
import { signedIn } from './begin-session.ts'
import { decideRefresh, sessionExpiry } from './domain/session-policy.ts'
import { endSessions } from './end-sessions.ts'
import type { SignedIn } from './schemas.ts'
import { findRefreshState, type RefreshState } from './session-queries.ts'
import { sessions } from './tables.ts'

function invalid(reason: string): Refusal {
  return new Refusal('INVALID_REFRESH_TOKEN', 'The refresh token is not valid. Sign in again.', { reason })
}

/**
 * Exchanges a refresh token for its successor. Many may come at once with the same one: the generation
 * is raised by a guarded statement, the losers find it raised and are given the same successor.
 */
export async function refreshSession(ctx: ServiceContext, token: string): Promise<SignedIn & { refreshToken: string }> {
  const claims = await ctx.refreshTokens.open(token)
  if (!claims) throw invalid('not a token of ours')
  const presented = { ...claims, hash: await sha256Hex(token) }
  const state = await findRefreshState(ctx.core.db, claims.sessionId)
  if (!state) throw invalid('no such session')
  try {
    return await applyDecision(ctx, presented, state)
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
  }
  // Another refresh of the same token was first: what it left decides.
  const after = await findRefreshState(ctx.core.db, claims.sessionId)
  if (!after) throw invalid('no such session')
  return applyDecision(ctx, presented, after).catch((error: unknown) => {
    throw error instanceof GuardFailed ? invalid('the session changed twice meanwhile') : error
  })
}

async function applyDecision(
  ctx: ServiceContext,
  presented: RefreshClaims & { hash: string },
  state: RefreshState,
): Promise<SignedIn & { refreshToken: string }> {
  const stored = { ...state, userIsActive: state.account.isActive }
  const { sessionId } = presented
  switch (decideRefresh(presented, stored, ctx.clock())) {
    case 'rotate': {
      const successor = await ctx.refreshTokens.derive({ sessionId, generation: state.generation + 1 })
      await rotate(ctx, presented, successor.hash, state.createdAt)
      return answer(ctx, state, sessionId, successor.token)
    }
    case 'repeat': {
      const successor = await ctx.refreshTokens.derive({ sessionId, generation: state.generation })
      if (successor.hash !== state.refreshHash) throw invalid('the key has changed since the rotation')
      return answer(ctx, state, sessionId, successor.token)
    }
    case 'reuse':
      await endSessions(ctx, { userId: state.account.id, sessionIds: [sessionId], reason: 'reuse' })
      throw invalid('reuse of a replaced token')
    case 'refuse':
      throw invalid('revoked, expired or deactivated')
  }
}

async function rotate(ctx: ServiceContext, from: RefreshClaims, hash: string, createdAt: number): Promise<void> {
  const now = ctx.clock()
  const raised = ctx.core.db
    .update(sessions)
    .set({
      generation: from.generation + 1,
      refreshHash: hash,
      rotatedAt: now,
      expiresAt: sessionExpiry(now, createdAt),
      ip: ctx.origin.ip,
      userAgent: ctx.origin.userAgent,
      place: ctx.origin.place,
    })
    .where(and(eq(sessions.id, from.sessionId), eq(sessions.generation, from.generation), isNull(sessions.revokedAt)))
  // Repeatable: sent twice, the second meets the guard, and the caller finds its own successor in place.
  await ctx.core.commit([raised, expectChanged('session:generation')], { repeatable: true })
}

async function answer(ctx: ServiceContext, state: RefreshState, sessionId: string, refreshToken: string) {
  return signedIn(state.account, await ctx.accessTokens.sign(state.account.id, sessionId), refreshToken)
}
