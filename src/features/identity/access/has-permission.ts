import type { Permission, Role, ServiceContext } from '../../../context.ts'
import type { Page } from '../../../platform/cursor.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Paging } from '../../../platform/paging.ts'
import { findAccountById } from '../queries.ts'
import { readHolders } from './read-access.ts'
import type { Member } from './schemas.ts'

/** What a user may now: nothing, for who is unknown or was deactivated. */
async function held(ctx: ServiceContext, userId: string): Promise<{ roles: string[]; permissions: string[] }> {
  const account = await findAccountById(ctx.core.db, userId)
  return account?.isActive ? account : { roles: [], permissions: [] }
}

/** For services: routes declare what they demand. */
export function hasPermission(ctx: ServiceContext, userId: string, permission: Permission): Promise<boolean> {
  return hasAllPermissions(ctx, userId, [permission])
}

/** False where none is named: whoever demands nothing has forgotten what. */
export async function hasAllPermissions(
  ctx: ServiceContext,
  userId: string,
  wanted: readonly Permission[],
): Promise<boolean> {
  const { permissions } = await held(ctx, userId)
  return wanted.length > 0 && wanted.every((permission) => permissions.includes(permission))
}

export async function hasAnyPermission(
  ctx: ServiceContext,
  userId: string,
  wanted: readonly Permission[],
): Promise<boolean> {
  const { permissions } = await held(ctx, userId)
  return wanted.some((permission) => permissions.includes(permission))
}

/** Exactly this one, whatever is higher. */
export async function hasRole(ctx: ServiceContext, userId: string, role: Role): Promise<boolean> {
  return (await held(ctx, userId)).roles.includes(role)
}

/** Whoever holds the role and is active, newest first: of all of them `hasRole` says yes. */
export function getUsersByRole(ctx: ServiceContext, role: Role, paging: Paging): Promise<Page<Member>> {
  return readHolders(ctx, { ...paging, role, onlyActive: true })
}

/** In the middle of a service. @throws Refusal that names what is missing */
export async function demandPermission(ctx: ServiceContext, userId: string, permission: Permission): Promise<void> {
  if (await hasPermission(ctx, userId, permission)) return
  throw new Refusal('FORBIDDEN', `This needs the permissions ${permission}. Missing: ${permission}`)
}
