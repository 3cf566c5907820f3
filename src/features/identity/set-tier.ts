import { and, eq, sql } from 'drizzle-orm'
import type { ServiceContext, Tier } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
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
    const steps = [
      ctx.core.db
        .update(users)
        .set({ tier, version: sql`${users.version} + 1`, updatedAt: ctx.clock() })
        .where(and(eq(users.id, userId), eq(users.tier, before))),
      // No note of a change that another admin was quicker to make.
      expectChanged('user:tier'),
      ctx.audit('TIER_CHANGED', { targetType: 'user', targetId: userId, reason, details: { from: before, to: tier } }),
    ]
    try {
      await ctx.core.commit(steps)
    } catch (error) {
      // Another was quicker: with the same wish, both have it.
      if (!(error instanceof GuardFailed)) throw error
      if ((await findTier(ctx.core.db, userId)) !== tier) throw changedMeanwhile()
    }
    ctx.sessions.forgetUser(userId)
  }
  return { id: userId, tier }
}

const changedMeanwhile = () => new Refusal('CONFLICT', 'The tier was changed just now. Look at it again.')
