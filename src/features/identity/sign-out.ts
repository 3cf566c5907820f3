import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { endSessions } from './end-sessions.ts'
import { listLiveSessions } from './queries.ts'

export async function signOut(ctx: ServiceContext): Promise<void> {
  const { userId, sessionId } = requireUser(ctx)
  await endSessions(ctx, { userId, sessionIds: [sessionId], reason: 'signed_out' })
}

/** Ends every session of the caller, this one included. */
export async function signOutEverywhere(ctx: ServiceContext): Promise<void> {
  const { userId } = requireUser(ctx)
  await endSessions(ctx, { userId, sessionIds: null, reason: 'signed_out_everywhere' })
}

/** Ends one of the caller's sessions: a device that is lost. */
export async function endOwnSession(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const live = await listLiveSessions(ctx.core.db, userId, ctx.clock())
  if (!live.some((session) => session.id === id)) throw notFound('Session')
  await endSessions(ctx, { userId, sessionIds: [id], reason: 'ended_by_user' })
}
