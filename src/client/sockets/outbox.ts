import { ApiError, CLIENT_CODES } from '../api-error.ts'
import { Deferred } from '../deferred.ts'
import { type AckError, mayRepeat, type RoomCommandName, refusal } from './commands.ts'
import { Timer } from './timer.ts'

interface Waiting {
  event: RoomCommandName
  frame: string
  /** How often it was said. */
  tries: number
  answer: Deferred<unknown>
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
  #isOver = false

  constructor(transmit: (frame: string) => boolean, onOverdue: () => void) {
    this.#transmit = transmit
    this.#onOverdue = onOverdue
  }

  /** The same id while it waits is the same command. Resolves with the acknowledgement's data. */
  add(id: string, event: RoomCommandName, data: object): Promise<unknown> {
    const known = this.#waiting.get(id)
    if (known) return known.answer.promise
    if (this.#isOver) return Promise.reject(closed())
    const frame = JSON.stringify({ id, event, data })
    if (frame.length > LONGEST_FRAME) {
      return Promise.reject(refusal({ code: 'PAYLOAD_TOO_LARGE', message: 'This is too long' }))
    }
    const waiting = { event, frame, tries: 0, answer: new Deferred<unknown>() }
    this.#waiting.set(id, waiting)
    if (this.#isOpen && !this.#patience.isSet) this.#put(waiting)
    return waiting.answer.promise
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
    for (const [id, { event, tries, answer }] of this.#waiting) {
      if (tries === 0 || mayRepeat(event)) continue
      this.#waiting.delete(id)
      answer.reject(
        new ApiError({ status: 0, code: CLIENT_CODES.lost, message: 'The connection was lost before the answer' }),
      )
    }
  }

  /** No connection will come any more. */
  giveUp(): void {
    this.pause()
    this.#isOver = true
    for (const { answer } of this.#waiting.values()) answer.reject(closed())
    this.#waiting.clear()
  }

  acknowledge(id: unknown, ack: unknown): void {
    this.#take(id)?.answer.resolve(ack)
  }

  refuse(id: unknown, error: AckError): void {
    const waiting = typeof id === 'string' ? this.#waiting.get(id) : undefined
    const { retryAfterSeconds = Number.POSITIVE_INFINITY } = error
    if (waiting && retryAfterSeconds <= SHORT_WAIT_SECONDS && waiting.tries < MOST_TRIES) {
      // What comes after it waits too, so that the order stays.
      this.#patience.set(retryAfterSeconds * 1_000, () => this.open())
    } else this.#take(id)?.answer.reject(refusal(error))
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

function closed(): ApiError {
  return new ApiError({ status: 0, code: CLIENT_CODES.closed, message: 'The connection was closed before the answer' })
}
