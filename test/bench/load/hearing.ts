import { setTimeout as sleep } from 'node:timers/promises'
import { Delays } from './delays.ts'

/** The longest that a crowd may hear nothing and still get the rest: an alarm may be late on a machine that is full. */
const QUIET_MS = 30_000
const ZERO = 48

export interface Expected {
  messages: number
  /** Clients there are. */
  clients: number
  /** Of these so many are to hear each message; all, where nothing is said. */
  receivers?: number
  /** What the frames call it. */
  event?: 'message:new' | 'notification:new'
  /** A message has reached everybody. */
  onWhole?: (number: number) => void
  /** A client has heard all of them. */
  onComplete?: (place: number) => void
}

/**
 * What all clients hear of some messages: counted, timed, and checked to be the same in the same order for all, each of
 * them once. A message says its number after the first `#` of its text, so that nobody has to parse all of it.
 */
export class Hearing {
  readonly delays = new Delays()
  readonly #of: Expected
  readonly #receivers: number
  readonly #mark: string
  readonly #sentAt: Float64Array
  readonly #heard: Uint32Array
  readonly #seen: Uint8Array[]
  readonly #counts: Uint32Array
  readonly #orders: Int32Array
  readonly #done = Promise.withResolvers<void>()
  #whole = 0
  #doubled = 0

  constructor(of: Expected) {
    const { messages, clients, receivers = clients, event = 'message:new' } = of
    this.#of = of
    this.#receivers = receivers
    this.#mark = `"${event}"`
    this.#sentAt = new Float64Array(messages)
    this.#heard = new Uint32Array(messages)
    this.#seen = Array.from({ length: clients }, () => new Uint8Array(messages))
    this.#counts = new Uint32Array(clients)
    this.#orders = new Int32Array(clients)
  }

  /** The text of a message that is said now. */
  say(number: number): string {
    this.#sentAt[number] = performance.now()
    return `#${number} What is said here is as long as most of what people say.`
  }

  /** True where the frame held one of them. Acknowledgements do not count: who sends hears as everybody. */
  hear(place: number, frame: string): boolean {
    let at = frame.indexOf(this.#mark)
    if (at === -1) return false
    const now = performance.now()
    while (at !== -1) {
      const begin = frame.indexOf('#', at) + 1
      this.#take(place, numberAt(frame, begin), now)
      at = frame.indexOf(this.#mark, begin)
    }
    return true
  }

  #take(place: number, number: number, now: number): void {
    const seen = this.#seen[place]
    if (!seen || number >= this.#of.messages) return
    if (seen[number] === 1) {
      this.#doubled += 1
      return
    }
    seen[number] = 1
    this.#orders[place] = Math.imul(this.#orders[place] ?? 0, 31) + number
    this.delays.add(now - (this.#sentAt[number] ?? 0))
    const count = (this.#counts[place] ?? 0) + 1
    this.#counts[place] = count
    if (count === this.#of.messages) this.#of.onComplete?.(place)
    const heard = (this.#heard[number] ?? 0) + 1
    this.#heard[number] = heard
    if (heard !== this.#receivers) return
    this.#whole += 1
    this.#of.onWhole?.(number)
    if (this.#whole === this.#of.messages) this.#done.resolve()
  }

  /** As long as something is heard, the rest may still come. */
  async untilWhole(): Promise<void> {
    const { messages, clients } = this.#of
    const done = this.#done.promise.then(() => true)
    for (let before = -1, heard = 0; heard > before; ) {
      if (await Promise.race([done, sleep(QUIET_MS, false, { ref: false })])) return this.#check()
      before = heard
      heard = this.#counts.reduce((sum, count) => sum + count, 0)
    }
    const heard = this.#counts.reduce((sum, count) => sum + count, 0)
    throw new Error(
      `${messages - this.#whole} of ${messages} messages did not reach all that they should: ${heard} deliveries of ${messages * this.#receivers} to ${clients} clients`,
    )
  }

  #check(): void {
    if (this.#doubled > 0) throw new Error(`${this.#doubled} deliveries came twice`)
    if (this.#receivers < this.#of.clients) return
    if (new Set(this.#orders).size > 1) throw new Error('Not all clients heard the messages in one order')
  }
}

function numberAt(frame: string, begin: number): number {
  let number = 0
  for (let at = begin; ; at += 1) {
    const digit = frame.charCodeAt(at) - ZERO
    if (!(digit >= 0 && digit <= 9)) return number
    number = number * 10 + digit
  }
}
