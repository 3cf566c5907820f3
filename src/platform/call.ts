import { acceptCorrelationId, continueTrace, currentScope, type Scope, withScope } from './observability/scope.ts'

/** What goes ahead of the arguments of every command to an object, so that its log lines can be joined. */
export interface Call {
  correlationId: string
  traceparent: string
}

export function currentCall(): Call {
  const scope = currentScope()
  return {
    correlationId: acceptCorrelationId(scope?.correlationId),
    traceparent: scope?.traceparent ?? continueTrace(undefined),
  }
}

/** Goes on in the caller's scope, with a span of one's own. */
export function inCall<T>(call: Call, run: () => T): T {
  const scope: Scope = { correlationId: call.correlationId, traceparent: continueTrace(call.traceparent) }
  return withScope(scope, run)
}
