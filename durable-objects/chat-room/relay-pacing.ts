import { SECOND_MS } from '../../src/platform/clock.ts'

/** Up to so many subscribers get every line; more are only told how far the room is. */
export const MOST_WITH_ALL_LINES = 200
/** Between two rounds of calls while all get every line: the room's own tick. */
const TICK_MS = 16
/** Above that number of subscribers: 20 calls every 100 ms are 200 a second, however many wait. */
const SLOT_MS = 100
const CALLS_A_SLOT = 20
const ACTIVITY_EVERY_MS = SECOND_MS
/** A call that has not been answered for this long is given up; a later answer to it says nothing. */
const PATIENCE_MS = 5 * SECOND_MS
/** Whoever is this far behind is told where the room is instead, and reads it there. */
const MOST_CHARACTERS_BEHIND = 256 * 1024
const MOST_TRIES = 4

export interface RelayCall {
  id: number
  userId: string
  lines: string[]
}

interface Subscriber {
  /** What waits for the next call, oldest first. */
  lines: string[]
  characters: number
  /** They have missed lines, so the next call says how far the room is. */
  isBehind: boolean
  /** The newest seq that they were told of while only that was told. */
  toldSeq: number
  underWay: { id: number; sinceMs: number; lines: string[]; isTold: boolean } | undefined
  notBeforeMs: number
  failures: number
}

/**
 * Decides who of a room's subscribers is called when, and with which lines: one call under way to each, so a slow one
 * holds nobody up. It knows neither calls nor timers, and its time is what it is given, in milliseconds.
 */
export class RelayPacing {
  readonly #activity: (seq: number) => string
  readonly #subscribers = new Map<string, Subscriber>()
  #seq = 0
  #lastRoundMs = Number.NEGATIVE_INFINITY
  #calls = 0

  /** `activity` makes the line that says how far the room is. */
  constructor(activity: (seq: number) => string) {
    this.#activity = activity
  }

  add(userId: string): void {
    if (this.#subscribers.has(userId)) return
    this.#subscribers.set(userId, {
      lines: [],
      characters: 0,
      isBehind: false,
      toldSeq: this.#seq,
      underWay: undefined,
      notBeforeMs: 0,
      failures: 0,
    })
  }

  /** With all that waits for them. */
  remove(userId: string): void {
    this.#subscribers.delete(userId)
  }

  /** Lines that came at once, and how far the room is with them. */
  tell(lines: readonly string[], seq: number): void {
    const before = this.#seq
    this.#seq = Math.max(before, seq)
    if (!this.#givesAll || lines.length === 0) return
    const text = lines.join('\n')
    for (const subscriber of this.#subscribers.values()) {
      // Whoever was only told how far it was, or was given up, is tried again now that there is something to say.
      if (subscriber.toldSeq < before || subscriber.failures >= MOST_TRIES) subscriber.isBehind = true
      subscriber.toldSeq = this.#seq
      subscriber.lines.push(text)
      subscriber.characters += text.length
      if (subscriber.characters > MOST_CHARACTERS_BEHIND) forgetLines(subscriber, true)
    }
  }

  /** A line for one of them only. Where all are only told how far the room is, it is not worth a call. */
  tellOne(userId: string, line: string): void {
    const subscriber = this.#subscribers.get(userId)
    if (!subscriber || !this.#givesAll || subscriber.isBehind) return
    subscriber.lines.push(line)
    subscriber.characters += line.length
  }

  /** The calls that are to be made now. Each must end in `done`, or is given up. */
  take(nowMs: number): RelayCall[] {
    if (nowMs < this.#nextRoundMs) return []
    const most = this.#givesAll ? Number.POSITIVE_INFINITY : CALLS_A_SLOT
    const calls: RelayCall[] = []
    for (const [userId, subscriber] of this.#subscribers) {
      if (calls.length >= most) break
      const { underWay } = subscriber
      if (underWay && underWay.sinceMs + PATIENCE_MS <= nowMs) fail(subscriber, nowMs)
      const readyMs = this.#readyMs(subscriber)
      if (readyMs !== undefined && readyMs <= nowMs) calls.push(this.#call(userId, subscriber, nowMs))
    }
    if (calls.length > 0) this.#lastRoundMs = nowMs
    // Whoever was called comes last in the next round.
    if (!this.#givesAll) for (const { userId } of calls) this.#moveToEnd(userId)
    return calls
  }

  /** How a call ended. False where it was given up, or its subscriber has gone: then its answer says nothing. */
  done({ id, userId }: RelayCall, isOk: boolean, nowMs: number): boolean {
    const subscriber = this.#subscribers.get(userId)
    if (subscriber?.underWay?.id !== id) return false
    if (isOk) {
      subscriber.underWay = undefined
      subscriber.failures = 0
    } else fail(subscriber, nowMs)
    return true
  }

  /** When `take` has calls again; undefined where nothing waits. */
  nextAt(): number | undefined {
    let first: number | undefined
    for (const subscriber of this.#subscribers.values()) {
      const readyMs = this.#readyMs(subscriber)
      if (readyMs === undefined) continue
      // Nobody can be earlier than the next round.
      if (readyMs <= this.#nextRoundMs) return this.#nextRoundMs
      first = Math.min(first ?? readyMs, readyMs)
    }
    return first
  }

  get #givesAll(): boolean {
    return this.#subscribers.size <= MOST_WITH_ALL_LINES
  }

  get #nextRoundMs(): number {
    return this.#lastRoundMs + (this.#givesAll ? TICK_MS : SLOT_MS)
  }

  /** When this subscriber may be called; undefined where there is nothing to say. */
  #readyMs({ lines, isBehind, toldSeq, underWay, notBeforeMs }: Subscriber): number | undefined {
    if (lines.length === 0 && !isBehind && toldSeq >= this.#seq) return undefined
    return Math.max(notBeforeMs, underWay ? underWay.sinceMs + PATIENCE_MS : 0)
  }

  #call(userId: string, subscriber: Subscriber, nowMs: number): RelayCall {
    const isTold = !this.#givesAll || subscriber.isBehind || subscriber.toldSeq < this.#seq
    const waiting = this.#givesAll ? subscriber.lines : []
    this.#calls += 1
    const id = this.#calls
    subscriber.underWay = { id, sinceMs: nowMs, lines: waiting, isTold }
    forgetLines(subscriber, false)
    subscriber.toldSeq = this.#seq
    subscriber.notBeforeMs = this.#givesAll ? 0 : nowMs + ACTIVITY_EVERY_MS
    return { id, userId, lines: isTold ? [this.#activity(this.#seq), ...waiting] : waiting }
  }

  #moveToEnd(userId: string): void {
    const subscriber = this.#subscribers.get(userId)
    if (!subscriber) return
    this.#subscribers.delete(userId)
    this.#subscribers.set(userId, subscriber)
  }
}

/** What the call held waits again. After the last try it is dropped: no timer waits for whoever never answers. */
function fail(subscriber: Subscriber, nowMs: number): void {
  const { lines = [], isTold = false } = subscriber.underWay ?? {}
  subscriber.underWay = undefined
  subscriber.failures += 1
  subscriber.notBeforeMs = nowMs + ACTIVITY_EVERY_MS * 2 ** (Math.min(subscriber.failures, MOST_TRIES) - 1)
  if (subscriber.failures >= MOST_TRIES) {
    forgetLines(subscriber, false)
    return
  }
  subscriber.lines = [...lines, ...subscriber.lines]
  subscriber.characters = subscriber.lines.reduce((sum, { length }) => sum + length, 0)
  subscriber.isBehind ||= isTold
}

function forgetLines(subscriber: Subscriber, isBehind: boolean): void {
  subscriber.lines = []
  subscriber.characters = 0
  subscriber.isBehind = isBehind
}
