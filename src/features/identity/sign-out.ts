import { requireUser, type ServiceContext } from '../../context.ts'
import { endSessions } from './end-sessions.ts'
import { findSessionOwner, listOtherSessions } from './session-queries.ts'

export async function signOut(ctx: ServiceContext): Promise<void> {
  const { userId, sessionId } = requireUser(ctx)
  await endSessions(ctx, { userId, sessionIds: [sessionId], reason: 'signed_out' })
}

/** Ends every session of the caller, this one included. */
export async function signOutEverywhere(ctx: ServiceContext): Promise<void> {
  const { userId } = requireUser(ctx)
  await endSessions(ctx, { userId, sessionIds: null, reason: 'signed_out_everywhere' })
}

/** Ends every session of the caller but this one, in one batch. Answers how many there were. */
export async function signOutElsewhere(ctx: ServiceContext): Promise<number> {
  const { userId, sessionId } = requireUser(ctx)
  const others = await listOtherSessions(ctx.core.db, userId, sessionId, ctx.clock())
  if (others.length === 0) {
    await ctx.authorized()
    return 0
  }
  await endSessions(ctx, { userId, sessionIds: null, but: { sessionId, others }, reason: 'signed_out_elsewhere' })
  return others.length
}

/** Ends one of the caller's sessions: a device that is lost. Whose it is, its route has seen to. */
export async function endOwnSession(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  await endSessions(ctx, { userId, sessionIds: [id], reason: 'ended_by_user' })
}

/** The user of a session that lives. */
export function ownerOfSession(ctx: ServiceContext, id: string): Promise<string | undefined> {
  return findSessionOwner(ctx.core.db, id, ctx.clock())
}
