import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import type { Isolate } from '../isolate.ts'
import type { Meter } from '../platform/observability/meter.ts'
import type { Scope } from '../platform/observability/scope.ts'
import type { TicketClaims } from '../platform/security/socket-ticket.ts'

/** What middleware puts beside a request; handlers use `ctx`. */
export interface AppVariables {
  isolate: Isolate
  scope: Scope
  meter: Meter
  /** There once the route's contract has said who may call. */
  ctx: ServiceContext
  /** On a socket's route: the ticket that the caller came with, yet to be redeemed. */
  ticket: TicketClaims | undefined
}

export interface AppEnv {
  Bindings: Env
  Variables: AppVariables
}
