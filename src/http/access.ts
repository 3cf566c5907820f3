import type { Permission, ProofStanding, Role, Scope, ServiceContext, SessionState } from '../context.ts'
import { MINUTE_MS } from '../platform/clock.ts'
import { notFound, Refusal, stepUpRequired } from '../platform/errors.ts'

/**
 * Who may call: anybody; a signed-in user; for a socket the holder of a ticket in the query, which browsers need as
 * they cannot set headers on an upgrade; or a user of whom more is demanded.
 */
export type Access = 'public' | 'user' | 'ticket' | Demands

/** All that is named must hold. A demand that names nothing, or something unknown, does not start. */
export interface Demands {
  /** One of these roles. */
  roles?: readonly [Role, ...Role[]]
  /** All of these permissions. */
  permissions?: readonly [Permission, ...Permission[]]
  /** One of these permissions. */
  anyPermission?: readonly [Permission, ...Permission[]]
  verifiedEmail?: true
  /** A person who has signed in: no key of theirs. All of the account's routes demand it unsaid. */
  session?: true
  /** A sign-in, or another proof of who it is, within the last five minutes. */
  stepUp?: true
  owner?: OwnerGuard
}

/** Whose thing the path names. Somebody else's is not found, unless the caller holds `orPermission`. */
export interface OwnerGuard {
  /** What a stranger is told is missing. */
  entity: string
  /** The user's id; undefined where there is no such thing. Asked once a request, beside the session. */
  ownerOf: (ctx: ServiceContext, param: (name: string) => string) => Promise<string | undefined>
  orPermission?: Permission
}

const KNOWN = [
  'roles',
  'permissions',
  'anyPermission',
  'verifiedEmail',
  'session',
  'stepUp',
  'owner',
] as const satisfies (keyof Demands)[]
/** For how long a proof of who somebody is counts as fresh. */
const STEP_UP_MS = 5 * MINUTE_MS

/** @throws where a declaration is no demand at all: a guard that cannot refuse must not start */
export function assertAccess(access: unknown): asserts access is Access {
  if (access === 'public' || access === 'user' || access === 'ticket') return
  if (typeof access !== 'object' || access === null) throw new Error('declares no access')
  const entries = Object.entries(access)
  const empty = entries.filter(([, value]) => (Array.isArray(value) ? value.length === 0 : !value))
  const unknown = entries.filter(([name]) => !KNOWN.some((known) => known === name))
  if (entries.length === 0 || empty.length > 0 || unknown.length > 0)
    throw new Error('demands nothing, or nothing known')
}

/** What the session itself must show. @throws Refusal that names what is missing */
export function demandOfSession(demands: Demands, session: SessionState): void {
  const { roles, permissions, anyPermission } = demands
  if (roles && !roles.some((role) => session.roles.includes(role))) {
    throw forbidden(`This needs one of the roles ${roles.join(', ')}`)
  }
  const missing = permissions?.filter((permission) => !session.permissions.includes(permission)) ?? []
  if (missing.length > 0) {
    throw forbidden(`This needs the permissions ${permissions?.join(', ')}. Missing: ${missing.join(', ')}`)
  }
  if (anyPermission && !anyPermission.some((permission) => session.permissions.includes(permission))) {
    throw forbidden(`This needs one of the permissions ${anyPermission.join(', ')}`)
  }
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
export function demandOwner(guard: OwnerGuard, owner: string | undefined, session: SessionState): void {
  if (owner === undefined) throw notFound(guard.entity)
  if (owner === session.userId) return
  if (guard.orPermission !== undefined && session.permissions.includes(guard.orPermission)) return
  throw notFound(guard.entity)
}

function forbidden(message: string): Refusal {
  return new Refusal('FORBIDDEN', message)
}
