import { AsyncLocalStorage } from 'node:async_hooks'
import { formatTraceparent, readTraceContext, type Span, startSpan, type TraceHeaders } from './trace-context.ts'

/** What any code of one request, queue message, socket frame, alarm or cron may know without being handed it. */
export interface Scope {
  correlationId: string
  span: Span
  /** The span that caused this work and does not wait for it. */
  linkedTraceparent?: string
  userId?: string
}

/** What whoever asks for work says of itself: headers, a command's `Call`, an event. */
export interface Cause extends TraceHeaders {
  correlationId?: string | null | undefined
}

const scopes = new AsyncLocalStorage<Scope>()

export function withScope<T>(scope: Scope, run: () => T): T {
  return scopes.run(scope, run)
}

export function currentScope(): Scope | undefined {
  return scopes.getStore()
}

/** For work that its caller waits for, a request or a command: a child of the caller's span. */
export function childScope(caller: Cause): Scope {
  return { correlationId: acceptCorrelationId(caller.correlationId), span: startSpan(readTraceContext(caller)) }
}

/**
 * For a message: a span of its own in the producer's trace, and linked to it. One trace and not a new one, because
 * a message has one producer and whoever looks for a request wants to see what became of it; linked, because the
 * producer waits for nothing, so this span may begin long after its parent has ended, and be tried again. Where the
 * context is missing or not valid the work goes on in a trace of its own.
 */
export function consumerScope(producer: Cause): Scope {
  return { ...childScope(producer), ...linkTo(producer) }
}

/**
 * For what goes on by itself, a cron, an alarm, a frame on a socket: a trace of its own, because a socket lives for
 * hours and an alarm does the work of many callers. The cause, where there is one, lends its correlation id and is linked.
 */
export function rootScope(cause: Cause = {}): Scope {
  return { correlationId: acceptCorrelationId(cause.correlationId), span: startSpan(), ...linkTo(cause) }
}

/** The same cause again, in a trace of its own: for what has caused work before and is known. */
export function withNewTrace(scope: Scope): Scope {
  return { ...scope, span: startSpan() }
}

function linkTo(cause: Cause): Pick<Scope, 'linkedTraceparent'> {
  const context = readTraceContext(cause)
  return context ? { linkedTraceparent: formatTraceparent(context) } : {}
}

const CORRELATION_ID = /^[A-Za-z0-9._-]{8,128}$/

/** Ids from outside are taken only in this form, so that none can forge a log line. */
function acceptCorrelationId(given: string | null | undefined): string {
  return given && CORRELATION_ID.test(given) ? given : crypto.randomUUID()
}
