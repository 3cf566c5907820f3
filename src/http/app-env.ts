import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import type { Isolate } from '../isolate.ts'
import type { Expected } from '../platform/expected.ts'
import type { Meter } from '../platform/observability/meter.ts'
import type { Scope } from '../platform/observability/scope.ts'
import type { Told } from '../platform/rate-limit/rate-limits.ts'
import type { TicketClaims } from '../platform/security/socket-ticket.ts'
import type { Caller } from './caller.ts'
import type { Deprecation } from './deprecation.ts'
import type { Matched } from './matched.ts'
import type { ResolvedVersion } from './version.ts'

/** What middleware puts beside a request; handlers use `ctx`. */
export interface AppVariables {
  isolate: Isolate
  scope: Scope
  meter: Meter
  /** Who calls, as far as a signature tells. */
  caller: Caller
  /** The caller's, as limits count it. */
  address: string
  /** Whose count the caller's limits are: `user:ID` or `ip:ADDRESS`. */
  subject: string
  /** Which version of the API is meant, and by what that was said. */
  resolvedVersion: ResolvedVersion
  /** The route that answers; undefined where none does. */
  matched: Matched | undefined
  /** Where no route does, as the path has none for the method: that all of its routes go. */
  deprecatedPath?: Deprecation | undefined
  /** What limits have said of this request so far. */
  told: Told[]
  /** So many have failed at the account that is asked for that this may be a program; nothing a client is told. */
  isSuspected?: boolean
  /** There once the route's contract has said who may call. */
  ctx: ServiceContext
  /** What `If-Match` expects, on routes with a precondition. */
  expected: Expected | undefined
  /** On a socket's route: the ticket that the caller came with, yet to be redeemed. */
  ticket: TicketClaims | undefined
}

export interface AppEnv {
  Bindings: Env
  Variables: AppVariables
}
