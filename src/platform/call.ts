import { childScope, currentScope, rootScope, withScope } from './observability/scope.ts'
import { formatTraceparent } from './observability/trace-context.ts'

/** What goes ahead of the arguments of every command to an object, so that its log lines can be joined. */
export interface Call {
  correlationId: string
  traceparent: string
  /** Absent where no other tracing system has said anything. */
  tracestate?: string
}

/** The scope that this code runs in, as it travels; a fresh one where there is none. */
export function currentCall(): Call {
  const { correlationId, span } = currentScope() ?? rootScope()
  const { tracestate } = span
  return { correlationId, traceparent: formatTraceparent(span), ...(tracestate === '' ? {} : { tracestate }) }
}

/** Goes on in the caller's scope, with a span of one's own. */
export function inCall<T>(call: Call, run: () => T): T {
  return withScope(childScope(call), run)
}

/**
 * What an HTTP request to another service carries, so that its span is a child of the current one. A client that
 * tells its tries apart makes each `inCall(currentCall(), …)`.
 */
export function outboundTraceHeaders(): Record<string, string> {
  const { correlationId, ...trace } = currentCall()
  return { ...trace, 'X-Correlation-Id': correlationId }
}
