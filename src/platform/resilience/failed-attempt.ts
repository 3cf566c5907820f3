import type { OutageCode } from './outage.ts'

interface FailedAttemptFacts {
  /** What it becomes when nobody tries again. */
  code?: OutageCode
  /** Whether another attempt may end differently. */
  isRetryable: boolean
  /** The answer, where there was one: a 503 is an answer too. */
  response?: Response
  cause?: unknown
}

/** One attempt of an outbound call that brought no good answer. It stays inside: callers see an Outage or the answer. */
export class FailedAttempt extends Error {
  override readonly name = 'FailedAttempt'
  readonly code: OutageCode
  readonly isRetryable: boolean
  readonly response: Response | undefined

  constructor(why: string, { code = 'UNAVAILABLE', isRetryable, response, cause }: FailedAttemptFacts) {
    super(why, { cause })
    this.code = code
    this.isRetryable = isRetryable
    this.response = response
  }
}
