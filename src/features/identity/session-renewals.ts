import type { ServiceContext } from '../../context.ts'

interface Used {
  id: string
  /** Milliseconds. */
  rotatedAt: number
  ip: string | null
  userAgent: string | null
  place: string | null
}

/** Sessions as their person's object knows them: the database hears once a day when and where they were renewed. */
export async function withRenewals<T extends Used>(
  ctx: ServiceContext,
  userId: string,
  sessions: readonly T[],
): Promise<T[]> {
  const renewals = await ctx.userSessions(userId).list(sessions.map(({ id }) => id))
  const known = new Map(renewals.map(({ sessionId, ...renewal }) => [sessionId, renewal]))
  return sessions.map((session) => {
    const renewal = known.get(session.id)
    return renewal && renewal.rotatedAt > session.rotatedAt ? { ...session, ...renewal } : session
  })
}
