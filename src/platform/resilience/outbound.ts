import { currentCall, inCall, outboundTraceHeaders } from '../call.ts'
import { SECOND_MS } from '../clock.ts'
import type { Logger } from '../observability/log.ts'
import { redactUrl } from '../observability/redact.ts'
import { AnswerTooLarge, discard, isRetryableStatus, readWhole } from './answer.ts'
import { guardDestinations } from './destinations.ts'
import { FailedAttempt } from './failed-attempt.ts'
import { Outage, OutboundRefused } from './outage.ts'
import { type OutboundCall, type OutboundInit, readCall } from './outbound-call.ts'
import { type Hop, nextHop } from './redirects.ts'
import { requireNumber } from './require-number.ts'
import { checkRetrySettings, type Failure, type RetrySettings, retry } from './retry.ts'
import { retryAfterMs } from './retry-after.ts'
import { RetryBudget, type RetryBudgetOptions } from './retry-budget.ts'
import { LONGEST_TIMER_MS, limitTime, systemTiming, type Timing } from './time-limit.ts'

/**
 * How one dependency is called: data, declared beside the adapter that calls it
 * (`export const STRIPE = { name: 'stripe', allowedHosts: ['api.stripe.com'] } satisfies OutboundPolicy`).
 */
export interface OutboundPolicy {
  /** Stands in log lines and outages. */
  name: string
  /** `host` or `host:port`; nothing else is ever called, not by a redirect either. */
  allowedHosts: readonly string[]
  /** One attempt, from connecting to the last byte, redirects included. 3 s. */
  timeoutMs?: number
  /** 3 attempts, 1 s and 2 s apart, 10 s in all. */
  retry?: Partial<RetrySettings>
  budget?: RetryBudgetOptions
  /** 3; with 0 a redirect is an answer like any other. */
  maxRedirects?: number
  /** Larger answers are refused. 1 MiB. */
  maxAnswerBytes?: number
  /** The path itself is a credential, as a webhook's is: the log shows none. */
  hasSecretPath?: boolean
}

export interface OutboundPorts extends Partial<Timing> {
  log: Logger
  /** The way out: the global `fetch`, or that of a binding. */
  fetch?: (request: Request) => Promise<Response>
  /** One that several outbounds share; else each has its own. */
  budget?: RetryBudget
  /** Development and tests: listed loopback hosts may be called, also by http. */
  allowLoopback?: boolean
}

/** To be called as `fetch` is; an SDK takes it for that. */
export type Outbound = (input: RequestInfo | URL, init?: OutboundInit) => Promise<Response>

const ATTEMPT_MS = 3 * SECOND_MS
const MAX_REDIRECTS = 3
const MAX_ANSWER_BYTES = 1024 * 1024

/**
 * The one way to call the outside. Retries network errors, time-outs, 429 and 5xx (not 501, 505) where a repeat is
 * harmless, no earlier than `Retry-After`, within the deadline and the budget. Every answer is returned, the last
 * 503 too, with its body in memory. One a dependency and isolate.
 *
 * The function rejects with Outage where no answer came (503 or 504 at the HTTP border), with OutboundRefused for a
 * URL that the policy does not allow, with the reason of the caller's signal, or with a TypeError as `fetch` does.
 * @throws OutboundRefused or RangeError at once for a policy that makes no sense
 */
export function createOutbound(policy: OutboundPolicy, ports: OutboundPorts): Outbound {
  const { name, timeoutMs = ATTEMPT_MS, maxRedirects = MAX_REDIRECTS, maxAnswerBytes = MAX_ANSWER_BYTES } = policy
  const { log, fetch: send = (request: Request) => fetch(request), budget = new RetryBudget(policy.budget) } = ports
  const timing: Timing = {
    clock: ports.clock ?? systemTiming.clock,
    sleep: ports.sleep ?? systemTiming.sleep,
    random: ports.random ?? systemTiming.random,
  }
  const settings = checkRetrySettings(policy.retry ?? {})
  requireNumber('timeoutMs', timeoutMs, { min: 1, max: LONGEST_TIMER_MS })
  requireNumber('maxRedirects', maxRedirects, { min: 0, max: 20, isInteger: true })
  requireNumber('maxAnswerBytes', maxAnswerBytes, { min: 0, max: 64 * MAX_ANSWER_BYTES, isInteger: true })
  const refuseOthers = guardDestinations({ ...policy, allowLoopback: ports.allowLoopback ?? false })

  const receive = async (request: Request): Promise<Response> => {
    try {
      return await send(request)
    } catch (cause) {
      throw new FailedAttempt('no connection', { isRetryable: true, cause })
    }
  }

  const finish = async (answer: Response): Promise<Response> => {
    const response = await readWhole(answer, maxAnswerBytes).catch((cause: unknown) => {
      if (cause instanceof AnswerTooLarge) throw new FailedAttempt(cause.message, { isRetryable: false })
      throw new FailedAttempt('the answer broke off', { isRetryable: true, cause })
    })
    if (!isRetryableStatus(response.status)) return response
    throw new FailedAttempt(`status ${response.status}`, { isRetryable: true, response })
  }

  const checkHop = (call: OutboundCall, { url, hasBody }: Hop, hopsLeft: number): void => {
    refuseOthers(url)
    if (hopsLeft === 0) throw new OutboundRefused(name, `these are more than ${maxRedirects} redirects`, url)
    if (hasBody && !call.hasRepeatableBody) throw new OutboundRefused(name, 'a stream can be sent only once', url)
  }

  /** Where an answer sends us; undefined where it is the last one. */
  const follow = (call: OutboundCall, hop: Hop, answer: Response, hopsLeft: number): Hop | undefined => {
    if (!call.followsRedirects || maxRedirects === 0) return undefined
    try {
      const next = nextHop(hop, answer)
      if (!next) return undefined
      checkHop(call, next, hopsLeft)
      discard(answer)
      return next
    } catch (cause) {
      discard(answer)
      throw new FailedAttempt('a redirect that cannot be followed', { isRetryable: false, cause })
    }
  }

  const late = () =>
    new FailedAttempt(`no answer within ${timeoutMs} ms`, { code: 'DEADLINE_EXCEEDED', isRetryable: true })

  /** One attempt. Here is where a circuit breaker goes round: it counts each, and stops those still to come. */
  const attempt = (call: OutboundCall, outer: AbortSignal): Promise<Response> =>
    limitTime({ ms: timeoutMs, late, outer, sleep: timing.sleep }, (signal) =>
      // A span of its own, so that whoever looks at the trace tells the attempts apart.
      inCall(currentCall(), async () => {
        let hop: Hop = { ...call.first, headers: withDefaults(call.first.headers, outboundTraceHeaders()) }
        for (let hopsLeft = maxRedirects; ; hopsLeft -= 1) {
          const answer = await receive(call.request(hop, signal))
          const next = follow(call, hop, answer, hopsLeft)
          if (!next) return finish(answer)
          hop = next
        }
      }),
    )

  const logFailure = ({ first: { method, url } }: OutboundCall, { error, next, ...failure }: Failure): void => {
    const status = error instanceof FailedAttempt ? error.response?.status : undefined
    log.warn('Outbound Attempt Failed', {
      dependency: name,
      method,
      host: url.host,
      url: policy.hasSecretPath ? '…' : redactUrl(url),
      ...failure,
      ...(status === undefined ? { error } : { status }),
      ...next,
    })
  }

  return async (input, init = {}) => {
    const call = readCall(name, input, init)
    refuseOthers(call.first.url)
    const startedMs = timing.clock()
    let attempts = 0
    try {
      return await retry(
        ({ number, signal }) => {
          attempts = number
          return attempt(call, signal)
        },
        {
          ...settings,
          ...timing,
          signal: call.signal,
          budget,
          shouldRetry: (error) => error instanceof FailedAttempt && error.isRetryable && call.isRepeatable,
          atLeastMs: (error) => askedToWaitMs(error, timing.clock()),
          onFailure: (failure) => logFailure(call, failure),
        },
      )
    } catch (error) {
      if (error instanceof FailedAttempt && error.response) return error.response
      if (error === call.signal?.reason || !(error instanceof FailedAttempt || error instanceof Outage)) throw error
      throw new Outage(error.code, {
        dependency: name,
        why: error instanceof Outage ? error.facts.why : error.message,
        attempts,
        durationMs: timing.clock() - startedMs,
        cause: error,
      })
    }
  }
}

function askedToWaitMs(error: unknown, nowMs: number): number | undefined {
  return error instanceof FailedAttempt && error.response ? retryAfterMs(error.response.headers, nowMs) : undefined
}

function withDefaults(headers: Headers, defaults: Record<string, string>): Headers {
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(defaults)) if (!all.has(name)) all.set(name, value)
  return all
}
