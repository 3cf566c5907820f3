import type { Permission, Role, Scope, ServiceContext } from '../../../context.ts'
import type { Page } from '../../../platform/cursor.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Paging } from '../../../platform/paging.ts'
import { withinScopes } from '../domain/scopes.ts'
import { findAccountById } from '../queries.ts'
import { readHolders } from './read-access.ts'
import type { Member } from './schemas.ts'

interface Held {
  roles: string[]
  permissions: string[]
}

/**
 * What a user may now: nothing, for who is unknown or was deactivated. Where their own API key acts, what its scopes leave
 * of that: a program that asks for its owner learns what the program may.
 */
async function held(ctx: ServiceContext, userId: string): Promise<Held> {
  const [account, scopes] = await Promise.all([findAccountById(ctx.core.db, userId), scopesOfCaller(ctx, userId)])
  if (!account?.isActive) return { roles: [], permissions: [] }
  return scopes ? withinScopes(account, scopes) : account
}

/** Undefined where no key of this user acts. The session was asked for when the request began, so it costs no query. */
async function scopesOfCaller(
  { actor, session }: ServiceContext,
  userId: string,
): Promise<readonly Scope[] | undefined> {
  if (actor.kind !== 'user' || actor.userId !== userId || actor.apiKeyId === undefined) return undefined
  return (await session()).apiKey?.scopes ?? []
}

/**
 * For services: routes declare what they demand. It answers for the user, whoever asks: of all callers only an API key of
 * that same user narrows the answer, and so the four beside it.
 */
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
