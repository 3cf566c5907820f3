import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findAccountById } from './queries.ts'
import type { CurrentUser } from './schemas.ts'
import { toCurrentUser } from './views.ts'

export async function getCurrentUser(ctx: ServiceContext): Promise<CurrentUser> {
  const account = await findAccountById(ctx.core.db, requireUser(ctx).userId)
  if (!account) throw notFound('User')
  return toCurrentUser(account)
}
