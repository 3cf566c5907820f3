import { requireUser, type ServiceContext } from '../../../context.ts'
import { notFound } from '../../../platform/errors.ts'
import { findManaged } from '../access/access-queries.ts'
import { demandReach, stillMay } from '../access/guards.ts'
import { deleteOwnAccount, giveUpAccount } from '../account/delete-own-account.ts'

/**
 * Begins the erasure of an account: one's own, or somebody's whom the caller reaches.
 * @throws Refusal 404 where there is nobody, 403 for who is above the caller, 409 for the last admin
 */
export async function deleteUser(ctx: ServiceContext, userId: string): Promise<void> {
  if (userId === requireUser(ctx).userId) return deleteOwnAccount(ctx)
  const [person, actor] = await Promise.all([findManaged(ctx.core.db, userId), ctx.session(), ctx.authorized()])
  if (!person) throw notFound(`User ${userId}`)
  demandReach(actor, person)
  await giveUpAccount(ctx, userId, stillMay(ctx, actor, 'delete:user'))
}
