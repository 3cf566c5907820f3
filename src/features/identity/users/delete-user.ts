import { requireUser, type ServiceContext } from '../../../context.ts'
import { notFound } from '../../../platform/errors.ts'
import type { Expected } from '../../../platform/expected.ts'
import { findManaged } from '../access/access-queries.ts'
import { demandReach, stillExpected, stillMay } from '../access/guards.ts'
import { giveUpAccount } from '../account/delete-own-account.ts'

/**
 * Begins the erasure of an account: one's own, or somebody's whom the caller reaches.
 * @throws Refusal 404 where there is nobody, 403 for who is above the caller, 409 for the last admin, 412
 */
export async function deleteUser(ctx: ServiceContext, userId: string, expected?: Expected): Promise<void> {
  const isAsKnown = stillExpected(ctx, userId, expected)
  if (userId === requireUser(ctx).userId) return giveUpAccount(ctx, userId, isAsKnown)
  const [person, actor] = await Promise.all([findManaged(ctx.core.db, userId), ctx.session(), ctx.authorized()])
  if (!person) throw notFound(`User ${userId}`)
  demandReach(actor, person)
  await giveUpAccount(ctx, userId, [...stillMay(ctx, actor, 'delete:user'), ...isAsKnown])
}
