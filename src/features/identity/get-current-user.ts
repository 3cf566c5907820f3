import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findAccountById } from './queries.ts'
import type { CurrentUser } from './schemas.ts'
import { toCurrentUser } from './views.ts'

/** The caller as they are stored now, or one property of them. */
export function getCurrentUser(ctx: ServiceContext): Promise<CurrentUser>
export function getCurrentUser<K extends keyof CurrentUser>(ctx: ServiceContext, property: K): Promise<CurrentUser[K]>
export async function getCurrentUser(ctx: ServiceContext, property?: keyof CurrentUser) {
  const account = await findAccountById(ctx.core.db, requireUser(ctx).userId)
  if (!account) throw notFound('User')
  const user = toCurrentUser(account)
  return property === undefined ? user : user[property]
}
