import { type Clock, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { bucketOf, type Counts, FIGURE, mergeCounts, minuteOf, series } from './figures.ts'
import { nothingSpent, type Spending } from './meter.ts'

/** What an isolate has counted since it told last. A repeat has the same number and says the same. */
export interface FiguresFlush {
  isolate: string
  number: number
  minutes: [at: number, counts: Counts][]
}

/** How many sockets an object has open. */
export interface OpenSockets {
  object: string
  kind: SocketKind
  count: number
  at: number
}

export type SocketKind = 'room' | 'user'

export interface FiguresPorts {
  add(shard: number, flush: FiguresFlush): Promise<unknown>
  tellSockets(shard: number, sockets: OpenSockets[]): Promise<unknown>
}

/** Objects that keep the counts; an isolate chooses one for its life, so that none of them hears everybody. */
export const FIGURES_SHARDS = 4
/** Objects that keep open sockets; which one hears of an object follows from its name, so its latest word is there. */
export const SOCKET_SHARDS = 8
/** Nobody can be told for longer than this: what is older is given up, as the objects refuse it. */
const KEEP_MINUTES = 30
/** What was told and not confirmed is repeated for so long; the objects remember longer than that. */
const REPEAT_MS = KEEP_MINUTES * MINUTE_MS
/** Of one call. */
const MOST_SOCKETS = 500
/**
 * Sockets are told a sixth as often as counts: each call writes a row a step, so what a busy isolate has to say is worth
 * gathering, and no step is shorter than a minute anyway.
 */
const ROUNDS_A_TELLING_OF_SOCKETS = 6
const MOST_OBJECTS_WAITING = 20_000

/**
 * Counts in an isolate's memory, as plain numbers: nothing here waits or calls. What was counted is told with the work
 * of a later request, after its answer, at most every `everyMs` (0 is never): one call to an object of the counts; and
 * every sixth time, or the first in as long, one to each object of sockets of which some have changed. An isolate that is idle tells nothing; one that dies takes
 * its last seconds with it, and that is all that can be lost while the objects answer within half an hour.
 */
export class FigureCounter {
  /** What meters spend, added up for as long as the isolate lives. */
  readonly spent: Spending = nothingSpent()
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #isolate = crypto.randomUUID()
  readonly #shard = Math.floor(Math.random() * FIGURES_SHARDS)
  readonly #sockets = new Map<string, OpenSockets>()
  #minute: number
  #counts: Counts = {}
  #settled: Spending = nothingSpent()
  /** Minutes that are over, the oldest first. */
  #over: [at: number, counts: Counts][] = []
  #underWay: { flush: FiguresFlush; since: number } | undefined
  #number = 0
  #nextAt: number
  #nextSocketsAt = 0
  #isTelling = false

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#minute = minuteOf(clock())
    this.#nextAt = clock() + everyMs
  }

  /** A request that was answered, with what limits have refused of it. */
  request(status: number, ms: number, refusedBy: readonly string[]): void {
    this.#count(series(FIGURE.requests, `${Math.floor(status / 100)}xx`))
    this.#count(bucketOf(FIGURE.latency, ms))
    for (const policy of refusedBy) this.refused(policy)
  }

  refused(policy: string): void {
    this.#count(series(FIGURE.refused, policy))
  }

  /** A use of a route that goes. */
  deprecated(route: string): void {
    this.#count(series(FIGURE.deprecated, route))
  }

  message(became: 'handled' | 'failed' | 'buried', lagMs?: number): void {
    this.#count(series(FIGURE.messages, became))
    if (lagMs !== undefined) this.#count(bucketOf(FIGURE.lag, lagMs))
  }

  backlog(lane: string, messages: number): void {
    this.#turn()
    mergeCounts(this.#counts, { [series(FIGURE.backlog, lane)]: messages })
  }

  /** The latest word of an object counts, so that a lost one is made good by the next. */
  sockets(kind: SocketKind, object: string, count: number): void {
    if (this.#sockets.size >= MOST_OBJECTS_WAITING) return
    this.#sockets.set(object, { object, kind, count, at: this.#clock() })
  }

  isDue(): boolean {
    if (this.#everyMs === 0 || this.#isTelling || this.#clock() < this.#nextAt) return false
    return this.#isSocketsDue() || this.#underWay !== undefined || this.#over.length > 0 || this.#hasCounted()
  }

  /** Never rejects: what was not heard is told again when it is due next. */
  async tell(ports: FiguresPorts): Promise<void> {
    this.#isTelling = true
    this.#nextAt = this.#clock() + this.#everyMs
    await Promise.allSettled([this.#tellCounts(ports), this.#tellSockets(ports)])
    this.#isTelling = false
  }

  async #tellCounts(ports: FiguresPorts): Promise<void> {
    if (this.#underWay && this.#clock() - this.#underWay.since > REPEAT_MS) this.#underWay = undefined
    this.#underWay ??= this.#nextFlush()
    if (!this.#underWay) return
    await ports.add(this.#shard, this.#underWay.flush)
    this.#underWay = undefined
  }

  async #tellSockets(ports: FiguresPorts): Promise<void> {
    if (!this.#isSocketsDue()) return
    this.#nextSocketsAt = this.#clock() + ROUNDS_A_TELLING_OF_SOCKETS * this.#everyMs
    const shards = new Map<number, OpenSockets[]>()
    for (const sockets of this.#sockets.values()) {
      const shard = socketShardOf(sockets.object)
      const told = shards.get(shard) ?? []
      if (told.length < MOST_SOCKETS) told.push(sockets)
      shards.set(shard, told)
    }
    await Promise.allSettled([...shards].map(([shard, told]) => this.#tellShard(ports, shard, told)))
    // What was not heard, or was too much for one call, is not gathered any longer.
    if (this.#sockets.size > 0) this.#nextSocketsAt = 0
  }

  async #tellShard(ports: FiguresPorts, shard: number, told: OpenSockets[]): Promise<void> {
    await ports.tellSockets(shard, told)
    for (const sockets of told) {
      if (this.#sockets.get(sockets.object) === sockets) this.#sockets.delete(sockets.object)
    }
  }

  #isSocketsDue(): boolean {
    return this.#sockets.size > 0 && this.#clock() >= this.#nextSocketsAt
  }

  #nextFlush(): { flush: FiguresFlush; since: number } | undefined {
    this.#settle()
    const minutes = [...this.#over, [this.#minute, this.#counts] satisfies [number, Counts]].filter(
      ([, counts]) => Object.keys(counts).length > 0,
    )
    this.#over = []
    this.#counts = {}
    if (minutes.length === 0) return undefined
    this.#number += 1
    return { flush: { isolate: this.#isolate, number: this.#number, minutes }, since: this.#clock() }
  }

  #count(name: string): void {
    this.#turn()
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
  }

  /** Puts the minute away that is over. */
  #turn(): void {
    const minute = minuteOf(this.#clock())
    if (minute === this.#minute) return
    this.#settle()
    if (Object.keys(this.#counts).length > 0) this.#over.push([this.#minute, this.#counts])
    this.#over = this.#over.slice(-KEEP_MINUTES)
    this.#minute = minute
    this.#counts = {}
  }

  /** What meters have spent since it was looked at last belongs to the minute that this ends. */
  #settle(): void {
    for (const name of Object.keys(this.spent) as (keyof Spending)[]) {
      const n = this.spent[name] - this.#settled[name]
      if (n > 0) mergeCounts(this.#counts, { [FIGURE[name]]: n })
      this.#settled[name] = this.spent[name]
    }
  }

  #hasCounted(): boolean {
    const names = Object.keys(this.spent) as (keyof Spending)[]
    return Object.keys(this.#counts).length > 0 || names.some((name) => this.spent[name] > this.#settled[name])
  }
}

/** FNV-1a, which spreads names that differ in one letter only. */
export function socketShardOf(object: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < object.length; i += 1) hash = Math.imul(hash ^ object.charCodeAt(i), 0x01000193)
  return (hash >>> 16) % SOCKET_SHARDS
}

/** How often at most an isolate tells, where no setting says so. */
export const FIGURES_EVERY_MS = 10 * SECOND_MS
