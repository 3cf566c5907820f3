import { ApiError, CLIENT_CODES } from '../api-error.ts'
import { type AckError, mayRepeat, type RoomCommandName, refusal } from './commands.ts'
import { Timer } from './timer.ts'

interface Waiting {
  event: RoomCommandName
  frame: string
  /** How often it was said. */
  tries: number
  promise: Promise<unknown>
  resolve(ack: unknown): void
  reject(error: ApiError): void
}

/** A connection that is open but leaves a command unanswered this long is no good. */
const ACK_WITHIN_MS = 10_000
/** As many as the server reads in one frame. */
const LONGEST_FRAME = 64 * 1024
const SHORT_WAIT_SECONDS = 5
const MOST_TRIES = 10

/** Commands that nobody has acknowledged, in the order in which they were given. */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>()
  readonly #transmit: (frame: string) => boolean
  readonly #onOverdue: () => void
  readonly #ackDue = new Timer()
  /** While the server has asked for a little patience. */
  readonly #patience = new Timer()
  #isOpen = false

  constructor(transmit: (frame: string) => boolean, onOverdue: () => void) {
    this.#transmit = transmit
    this.#onOverdue = onOverdue
  }

  /** The same id while it waits is the same command. Resolves with the acknowledgement's data. */
  add(id: string, event: RoomCommandName, data: object): Promise<unknown> {
    const known = this.#waiting.get(id)
    if (known) return known.promise
    const frame = JSON.stringify({ id, event, data })
    if (frame.length > LONGEST_FRAME) {
      return Promise.reject(refusal({ code: 'PAYLOAD_TOO_LARGE', message: 'This is too long' }))
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const waiting = { event, frame, tries: 0, promise, resolve, reject }
    this.#waiting.set(id, waiting)
    if (this.#isOpen && !this.#patience.isSet) this.#put(waiting)
    return promise
  }

  /** A connection is there: everything that is not acknowledged goes out again. */
  open(): void {
    this.#isOpen = true
    for (const waiting of [...this.#waiting.values()]) this.#put(waiting)
  }

  /** The connection is lost: of what was said on it nobody knows whether it was heard. */
  pause(): void {
    this.#isOpen = false
    this.#ackDue.clear()
    this.#patience.clear()
    for (const [id, { event, tries, reject }] of this.#waiting) {
      if (tries === 0 || mayRepeat(event)) continue
      this.#waiting.delete(id)
      reject(new ApiError({ status: 0, code: CLIENT_CODES.lost, message: 'The connection was lost before the answer' }))
    }
  }

  /** No connection will come any more. */
  giveUp(): void {
    this.pause()
    const message = 'The connection was closed before the answer'
    for (const { reject } of this.#waiting.values()) {
      reject(new ApiError({ status: 0, code: CLIENT_CODES.closed, message }))
    }
    this.#waiting.clear()
  }

  acknowledge(id: unknown, ack: unknown): void {
    this.#take(id)?.resolve(ack)
  }

  refuse(id: unknown, error: AckError): void {
    const waiting = typeof id === 'string' ? this.#waiting.get(id) : undefined
    const { retryAfterSeconds = Number.POSITIVE_INFINITY } = error
    if (waiting && retryAfterSeconds <= SHORT_WAIT_SECONDS && waiting.tries < MOST_TRIES) {
      // What comes after it waits too, so that the order stays.
      this.#patience.set(retryAfterSeconds * 1_000, () => this.open())
    } else this.#take(id)?.reject(refusal(error))
  }

  #put(waiting: Waiting): void {
    if (!this.#transmit(waiting.frame)) return
    waiting.tries += 1
    if (!this.#ackDue.isSet) this.#ackDue.set(ACK_WITHIN_MS, this.#onOverdue)
  }

  #take(id: unknown): Waiting | undefined {
    const waiting = typeof id === 'string' ? this.#waiting.get(id) : undefined
    if (typeof id !== 'string' || !waiting) return undefined
    this.#waiting.delete(id)
    if (this.#isOpen && this.#waiting.size > 0) this.#ackDue.set(ACK_WITHIN_MS, this.#onOverdue)
    else this.#ackDue.clear()
    return waiting
  }
}
