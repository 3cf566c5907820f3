import { and, eq, ne, sql } from 'drizzle-orm'
import type { ServiceContext, Tier } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findTier } from './queries.ts'
import type { UserTier } from './schemas.ts'
import { users } from './tables.ts'

/** How much of the API a user may use. Holds at once here, and within five seconds everywhere. */
export async function setTier(
  ctx: ServiceContext,
  userId: string,
  { tier, reason }: { tier: Tier; reason: string },
): Promise<UserTier> {
  const before = await findTier(ctx.core.db, userId)
  if (before === undefined) throw notFound('User')
  if (before !== tier) {
    await ctx.core.commit([
      ctx.core.db
        .update(users)
        .set({ tier, version: sql`${users.version} + 1`, updatedAt: ctx.clock() })
        .where(and(eq(users.id, userId), ne(users.tier, tier))),
      ctx.audit('TIER_CHANGED', {
        targetType: 'user',
        targetId: userId,
        reason,
        details: { from: before, to: tier },
      }),
    ])
    ctx.sessions.forgetUser(userId)
  }
  return { id: userId, tier }
}
