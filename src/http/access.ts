import {
  PERMISSIONS,
  type Permission,
  type ProofStanding,
  ROLE_DEFINITIONS,
  ROLES,
  type Role,
  reachesRole,
  type Scope,
  type ServiceContext,
  type SessionState,
  STEP_UP_MS,
} from '../context.ts'
import { notFound, Refusal, stepUpRequired } from '../platform/errors.ts'

/**
 * Who may call: anybody; a signed-in user; for a socket the holder of a ticket in the query, which browsers need as
 * they cannot set headers on an upgrade; or a user of whom more is demanded.
 */
export type Access = 'public' | 'user' | 'ticket' | Demands

/** All that is named must hold. A demand that names nothing, or something unknown, does not start. */
export interface Demands {
  /** One of these roles, and no other one, however high. */
  roles?: readonly [Role, ...Role[]]
  /** The lowest of these roles, or a higher one. */
  minimumRole?: readonly [Role, ...Role[]]
  /** All of these permissions. */
  permissions?: readonly [Permission, ...Permission[]]
  /** One of these permissions. */
  anyPermission?: readonly [Permission, ...Permission[]]
  /** Whoever is not signed in is a guest, and comes in where that role has what is demanded; else it is 401. */
  orGuest?: true
  verifiedEmail?: true
  /** A person who has signed in: no key of theirs. All of the account's routes demand it unsaid. */
  session?: true
  /** A sign-in, or another proof of who it is, within the last five minutes. */
  stepUp?: true
  owner?: OwnerGuard
  resource?: ResourceGuard
}

/** Whose thing the path names. Somebody else's is not found, unless the caller may have anybody's. */
export interface OwnerGuard {
  /** What a stranger is told is missing: the same words as where nobody has one. */
  entity: string | ((param: (name: string) => string) => string)
  /** The user's id; undefined where there is no such thing. Asked once a request, beside the session. */
  ownerOf: (ctx: ServiceContext, param: (name: string) => string) => Promise<string | undefined>
  /** Whoever holds it, or one of these, may have anybody's. */
  orPermission?: Permission | readonly [Permission, ...Permission[]]
  /** Whoever has this role or a higher one may have anybody's: for permissions that everybody holds for their own. */
  orRole?: Role
}

/** What is to be done with a thing that everybody may know of: its owner may, and who was granted it, and staff. */
export interface ResourceGuard {
  /** A type of `ctx.resources`. */
  type: string
  /** One of what that type lets do. */
  action: string
  /** The parameter of the path that is its id. */
  param: string
}

const RIGHTS = ['roles', 'minimumRole', 'permissions', 'anyPermission'] as const satisfies (keyof Demands)[]
const KNOWN = [
  ...RIGHTS,
  'orGuest',
  'verifiedEmail',
  'session',
  'stepUp',
  'owner',
  'resource',
] as const satisfies (keyof Demands)[]
const NAMES: Record<(typeof RIGHTS)[number], readonly string[]> = {
  roles: ROLES,
  minimumRole: ROLES,
  permissions: PERMISSIONS,
  anyPermission: PERMISSIONS,
}

/** @throws where a declaration is no demand at all: a guard that cannot refuse must not start */
export function assertAccess(access: unknown): asserts access is Access {
  if (access === 'public' || access === 'user' || access === 'ticket') return
  if (typeof access !== 'object' || access === null) throw new Error('declares no access')
  const entries = Object.entries(access)
  const empty = entries.filter(([, value]) => (Array.isArray(value) ? value.length === 0 : !value))
  const unknown = entries.filter(([name]) => !KNOWN.some((known) => known === name))
  if (entries.length === 0 || empty.length > 0 || unknown.length > 0)
    throw new Error('demands nothing, or nothing known')
  const demands = access as Demands
  const misspelt = RIGHTS.flatMap((right) => (demands[right] ?? []).filter((name) => !NAMES[right].includes(name)))
  if (misspelt.length > 0) throw new Error(`demands what nobody has: ${misspelt.join(', ')}`)
  const forGuests = Object.keys(demands).filter((name) => name !== 'orGuest')
  const isOfRights = forGuests.length > 0 && forGuests.every((name) => RIGHTS.some((right) => right === name))
  if (demands.orGuest && !isOfRights) throw new Error('demands of guests what only a user can show')
}

/** What somebody shows of themselves: a session, or the role of a guest. */
export interface Rights {
  roles: readonly string[]
  permissions: readonly string[]
}

/** Whoever is not signed in. */
export const GUEST: Rights = { roles: ['guest'], permissions: ROLE_DEFINITIONS.guest.permissions }

/** @throws Refusal that names all that is demanded, and what of it is missing */
export function demandRights(demands: Demands, { roles: held, permissions: allowed }: Rights): void {
  const { roles, minimumRole, permissions, anyPermission } = demands
  if (roles && !roles.some((role) => held.includes(role))) {
    throw forbidden(`This needs one of the roles ${roles.join(', ')}`)
  }
  if (minimumRole && !reachesRole(held, minimumRole)) {
    throw forbidden(`This needs one of the roles ${minimumRole.join(', ')}, or a higher one`)
  }
  const missing = permissions?.filter((permission) => !allowed.includes(permission)) ?? []
  if (missing.length > 0) {
    throw forbidden(`This needs the permissions ${permissions?.join(', ')}. Missing: ${missing.join(', ')}`)
  }
  if (anyPermission && !anyPermission.some((permission) => allowed.includes(permission))) {
    const list = anyPermission.join(', ')
    throw forbidden(`This needs one of the permissions ${list}. Missing: ${list}`)
  }
}

/** What the session itself must show. @throws Refusal that names what is missing */
export function demandOfSession(demands: Demands, session: SessionState): void {
  demandRights(demands, session)
  if (demands.verifiedEmail && !session.isEmailVerified) {
    throw new Refusal('EMAIL_NOT_VERIFIED', 'Verify your e-mail address first')
  }
}

/**
 * Asks the database before it refuses: the proof may have been given a moment ago, in another isolate.
 * @throws Refusal that tells what to ask for
 */
export async function demandFreshProof(
  demands: Demands,
  session: SessionState,
  now: number,
  readStanding: () => Promise<ProofStanding>,
): Promise<void> {
  if (!demands.stepUp || isFresh(session.provedAt, now)) return
  const { provedAt, methods } = await readStanding()
  if (!isFresh(provedAt, now)) throw stepUpRequired(methods)
}

function isFresh(provedAt: number, now: number): boolean {
  return now - provedAt < STEP_UP_MS
}

/** Nothing below it is done by a key: it could make others, and outlive what revokes it. */
const ACCOUNT_PATH = /^\/v\d+\/auth(?:\/|$)/

/**
 * What a program's key must show, besides what is demanded of everybody. Its permissions have been narrowed to its
 * scopes, so a route that demands some asks for those very ones, and any other for `read` or `write`.
 * @throws Refusal SESSION_REQUIRED where no key will do, FORBIDDEN naming the scope that is missing
 */
export function demandOfKey(
  access: Access,
  { path, isRead }: { path: string; isRead: boolean },
  scopes: readonly Scope[],
): void {
  const demands = typeof access === 'object' ? access : {}
  if (access === 'ticket' || demands.session || demands.stepUp || ACCOUNT_PATH.test(path)) {
    throw new Refusal('SESSION_REQUIRED', 'No API key may do this. Sign in for it.')
  }
  if (demands.permissions || demands.anyPermission) return
  const needed = isRead ? 'read' : 'write'
  if (!scopes.includes(needed)) throw forbidden(`This needs a key with the scope ${needed}`)
}

/** @throws Refusal where the thing is missing or somebody else's, in the same words */
export function demandOwner(
  guard: Pick<OwnerGuard, 'orPermission' | 'orRole'> & { entity: string },
  owner: string | undefined,
  session: SessionState,
): void {
  if (owner === undefined) throw notFound(guard.entity)
  if (owner === session.userId) return
  const enough = guard.orPermission === undefined ? [] : [guard.orPermission].flat()
  if (enough.some((permission) => session.permissions.includes(permission))) return
  if (guard.orRole !== undefined && reachesRole(session.roles, [guard.orRole])) return
  throw notFound(guard.entity)
}

/**
 * Who may do this with the thing of this id: its owner, whoever holds a permission for everybody's, whoever was granted
 * it. A type or an action that nothing is known of is nobody's to do.
 * @throws Refusal: 403 for who may not, 404 where there is no such thing, whoever asks
 */
export async function demandResource(ctx: ServiceContext, { type, action }: ResourceGuard, id: string): Promise<void> {
  const resource = ctx.resources.get(type)
  const enough = resource && Object.hasOwn(resource.actions, action) ? resource.actions[action] : undefined
  // A caller whose session has ended, or who lacks what else is demanded, is told that, and nothing of the thing.
  const [owner] = await Promise.all([resource?.ownerOf(ctx, id), ctx.authorized()])
  const session = await ctx.session()
  if (!resource || !enough) {
    throw new Refusal('FORBIDDEN', 'This is not allowed', { reason: `nothing is known of ${action} on ${type}` })
  }
  if (owner === undefined) throw notFound(resource.entity)
  if (owner === session.userId || enough.some((permission) => session.permissions.includes(permission))) return
  if ((await ctx.grantsOn(type, id)).includes(action)) return
  const others = enough.length === 0 ? '' : ` or one of the permissions ${enough.join(', ')}`
  throw forbidden(`This is its owner’s to do: it needs a grant of ${action} on it${others}`)
}

function forbidden(message: string): Refusal {
  return new Refusal('FORBIDDEN', message)
}
