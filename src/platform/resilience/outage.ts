import { Refusal } from '../errors.ts'

const RETRY_AFTER_SECONDS = 5

/** One text whatever is down: whom we depend on is nobody's business. */
const MESSAGES = {
  UNAVAILABLE: 'Something that this needs is not available. Try again shortly.',
  DEADLINE_EXCEEDED: 'This took too long. It may still have happened.',
} as const

/** `DEADLINE_EXCEEDED`: no verdict came in time, so a write may have happened. */
export type OutageCode = keyof typeof MESSAGES

export interface OutageFacts {
  /** The name of its policy, where the outage is a dependency's. */
  dependency?: string
  /** What went wrong last. */
  why: string
  attempts: number
  durationMs: number
  cause?: unknown
}

/**
 * Somebody else's failure, after all that could be tried: 503 or 504 at the HTTP border, and a value across RPC.
 * The client learns the code; the log learns the facts. A feature that can do without catches it.
 */
export class Outage extends Refusal {
  override readonly name = 'Outage'
  declare readonly code: OutageCode
  readonly facts: OutageFacts

  constructor(code: OutageCode, facts: OutageFacts) {
    const { dependency = 'work', why, attempts, durationMs } = facts
    super(code, MESSAGES[code], {
      reason: `${dependency}: ${why}; ${attempts} attempt${attempts === 1 ? '' : 's'} in ${durationMs} ms`,
      ...(code === 'UNAVAILABLE' ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {}),
    })
    this.facts = facts
    this.cause = facts.cause
  }
}

/**
 * A call that we must not make: a mistake in our code or settings, so a 500. Its message names scheme, host and port
 * of the URL, never the rest, which may hold secrets.
 */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused'

  constructor(dependency: string, why: string, url?: URL) {
    super(`${dependency} may not call ${url ? `${url.protocol}//${url.host}` : 'this'}: ${why}`)
  }
}

const NO_VERDICT: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL_ERROR'])

/**
 * Only a refusal that is no outage, told by whichever service, says that nothing happened and that asking again is no use.
 * After anything else it may have happened, or may happen later.
 */
export function isDefiniteNo(error: unknown): error is Refusal {
  return error instanceof Refusal && !NO_VERDICT.has(error.code)
}
