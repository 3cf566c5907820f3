import { AsyncLocalStorage } from 'node:async_hooks'

/** What any code of one request, queue message or alarm may know without being handed it. */
export interface Scope {
  correlationId: string
  /** W3C trace context, as it travels in headers and events. */
  traceparent: string
  userId?: string
}

const scopes = new AsyncLocalStorage<Scope>()

export function withScope<T>(scope: Scope, run: () => T): T {
  return scopes.run(scope, run)
}

export function currentScope(): Scope | undefined {
  return scopes.getStore()
}

const CORRELATION_ID = /^[A-Za-z0-9._-]{8,128}$/
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** Ids from outside are taken only in this form, so that none can forge a log line. */
export function acceptCorrelationId(given: string | null | undefined): string {
  return given && CORRELATION_ID.test(given) ? given : crypto.randomUUID()
}

/** Joins the caller's trace with a new span of our own, or begins a trace. */
export function continueTrace(given: string | null | undefined): string {
  const parts = given && TRACEPARENT.test(given) ? given.split('-') : undefined
  return `00-${parts?.[1] ?? randomHex(16)}-${randomHex(8)}-${parts?.[3] ?? '01'}`
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex()
}
