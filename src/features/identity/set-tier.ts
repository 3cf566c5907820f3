import { requireUser, type ServiceContext, type Tier } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { raiseVersion, stillMay } from './access/guards.ts'
import { manageUser } from './access/manage-user.ts'
import type { UserTier } from './schemas.ts'

/**
 * How much of the API a user may use. Holds at once here, and within five seconds everywhere. What is so already
 * changes nothing. @throws Refusal for oneself, for who is above the caller, and where there is nobody of this id
 */
export async function setTier(
  ctx: ServiceContext,
  userId: string,
  { tier, reason }: { tier: Tier; reason: string },
): Promise<UserTier> {
  if (userId === requireUser(ctx).userId) {
    throw new Refusal('VALIDATION_FAILED', 'Nobody changes their own tier', {
      fields: [{ field: 'id', message: 'This is you' }],
    })
  }
  return manageUser(ctx, userId, (person, actor) => {
    const answer = { id: userId, tier }
    if (person.tier === tier) return { steps: [], answer }
    const details = { from: person.tier, to: tier }
    const steps: Step[] = [
      ctx.audit('TIER_CHANGED', { targetType: 'user', targetId: userId, reason, details }),
      ...stillMay(ctx, actor, 'manage:settings'),
      ...raiseVersion(ctx, userId, person, { tier }),
    ]
    return { steps, answer }
  })
}
