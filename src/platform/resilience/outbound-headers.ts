import { currentScope } from '../observability/scope.ts'

/** What tells a dependency which request and trace a call belongs to; empty outside any request. */
export function outboundHeaders(): Record<string, string> {
  const scope = currentScope()
  return scope ? { traceparent: scope.traceparent, 'X-Correlation-Id': scope.correlationId } : {}
}
