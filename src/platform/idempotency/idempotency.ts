import * as z from 'zod'
import { type Clock, DAY_MS } from '../clock.ts'
import type { Step } from '../db/commit.ts'
import { Refusal } from '../errors.ts'
import { sha256Hex } from '../security/encoding.ts'

/** How long a key stands for what it has done. */
export const REMEMBER_MS = DAY_MS
/**
 * More than the schemas of any route allow, as a test computes: an answer is bounded by its schema, never by a request
 * that was valid. With three bytes to a character, at most, a row of D1 (2 MB) still takes it.
 */
export const MAX_RESULT_CHARACTERS = 650_000

/** One use of a key: whose and where (`scope`), which key, and what was asked with it. Plain, so it crosses RPC. */
export interface Attempt {
  scope: string
  keyHash: string
  fingerprint: string
}

/** What a request has answered, for those that repeat it. */
export interface Remembered {
  status: number
  data: unknown
  shown?: Shown | undefined
}

/** What an answer tells beside its data: of which version and representation it is, and what one may do next. */
export const Shown = z.strictObject({
  version: z.int().optional(),
  view: z.string().optional(),
  actions: z.record(z.string(), z.object({ path: z.string(), method: z.string().optional() })).optional(),
})
export type Shown = z.output<typeof Shown>

/** How it is stored where there is something beside the data; else the data is stored as it is. */
export const KeptAnswer = z.strictObject({ data: z.unknown(), shown: Shown })

export interface RememberedRow extends Attempt {
  status: number
  result: unknown
  createdAt: number
  expiresAt: number
}

/**
 * The idempotency of one request. A verb puts `answered(...)` into the commit of its effect, or hands `attempt` to
 * the object that has the effect; without a key both are nothing.
 */
export class Idempotency {
  readonly #clock: Clock
  #attempt: Attempt | undefined
  #isKept = false
  /** Set by the verb where an object has answered what it had answered before. */
  isReplayed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Called by the route's contract, once the input is known to be valid. */
  begin(attempt: Attempt): void {
    this.#attempt = attempt
  }

  /**
   * The key's row, for the batch of the effect. `data` is what the answer carries; it holds no secret. Of `shown` is kept
   * what a repeat tells again as `ETag` and links, whatever the caller may do by then.
   */
  answered(status: number, data: unknown, shown?: Shown): Step[] {
    if (!this.#attempt) return []
    this.#isKept = true
    const result = shown === undefined ? (data ?? null) : { data, shown: pickShown(shown) }
    if (JSON.stringify(result).length > MAX_RESULT_CHARACTERS) throw new Error('The answer is too large to be kept')
    const createdAt = this.#clock()
    const row = { ...this.#attempt, status, result, createdAt, expiresAt: createdAt + REMEMBER_MS }
    return [{ remember: row }]
  }

  /** For the command of an object, which keeps the answer in the transaction of its effect. */
  attempt(): Attempt | undefined {
    this.#isKept = this.#attempt !== undefined
    return this.#attempt
  }

  /** Whether a key was given, and nothing was left for those who repeat it. */
  get isForgotten(): boolean {
    return this.#attempt !== undefined && !this.#isKept
  }
}

/** Verbs hand over all that they answer. */
function pickShown({ version, view, actions }: Shown): Shown {
  return { version, view, actions }
}

export function keyReused(): Refusal {
  return new Refusal('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request', {
    fields: [{ field: 'Idempotency-Key', message: 'Take a new key for another request' }],
  })
}

/** What a client may choose as a key. */
export const KEY = /^[\w.:-]{16,128}$/

/** @throws Refusal for what is no key: a guessable or endless one protects nobody */
export async function makeAttempt(given: {
  key: string
  userId: string
  /** `METHOD /template` */
  route: string
  path: string
  input: unknown
}): Promise<Attempt> {
  if (!KEY.test(given.key)) {
    throw new Refusal('VALIDATION_FAILED', 'The Idempotency-Key is not valid', {
      fields: [{ field: 'Idempotency-Key', message: 'Use a UUID, or 16 to 128 letters, digits, _ . : -' }],
    })
  }
  return {
    scope: `${scopesOf(given.userId).from}${given.route}`,
    keyHash: await sha256Hex(given.key),
    fingerprint: await sha256Hex(`${given.path}\n${canonicalJson(given.input)}`),
  }
}

/** All scopes of a user, as texts sort: `from` or after it, and before `before`. */
export function scopesOf(userId: string): { from: string; before: string } {
  // The character that follows the space.
  return { from: `user:${userId} `, before: `user:${userId}!` }
}

/** The same text for the same value, whatever order its members came in. */
function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, member: unknown) => {
      if (typeof member !== 'object' || member === null || Array.isArray(member)) return member
      return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    }) ?? 'null'
  )
}
