import { requireNumber } from './require-number.ts'

/** What each request adds to the budget: under full failure one request in ten is tried once more. */
const SHARE = 0.1
/** What a new isolate may spend before it has seen any request: one request's two retries. */
const FIRST_RETRIES = 2
/** What good times may save up. */
const CAPACITY = 10

export interface RetryBudgetOptions {
  share?: number
  firstRetries?: number
  capacity?: number
}

/**
 * Keeps retries from burying a dependency that is down: each request puts `share` of a retry into a bucket, each
 * retry takes a whole one. So all attempts together stay below (1 + share) x requests + firstRetries, whatever
 * fails. One a dependency. It counts requests, not time, so it needs no clock; it lives in the isolate's memory,
 * and a new isolate begins with `firstRetries`: those are few because isolates are many.
 */
export class RetryBudget {
  readonly #share: number
  readonly #capacity: number
  #retries: number

  /** @throws RangeError for an option that makes no sense */
  constructor({ share = SHARE, firstRetries = FIRST_RETRIES, capacity = CAPACITY }: RetryBudgetOptions = {}) {
    this.#share = requireNumber('share', share, { min: 0, max: 1 })
    this.#capacity = requireNumber('capacity', capacity, { min: 0, max: 1_000 })
    this.#retries = requireNumber('firstRetries', firstRetries, { min: 0, max: capacity })
  }

  /** Counts a request, at its first attempt. */
  earn(): void {
    this.#retries = Math.min(this.#capacity, this.#retries + this.#share)
  }

  /** Takes one retry; false where there is none left. */
  spend(): boolean {
    // Ten times a tenth is a little less than one.
    if (this.#retries < 1 - 1e-9) return false
    this.#retries -= 1
    return true
  }
}
