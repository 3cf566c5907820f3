import type { Outcome, Spent } from '../result.ts'

/** What one request has cost so far, in the platform's units. */
export interface Costs {
  d1Trips: number
  d1Queries: number
  /** Length of the longest chain of D1 trips that waited for one another. */
  d1SequentialTrips: number
  d1RowsRead: number
  d1RowsWritten: number
  /** Calls to Durable Objects. */
  objectHops: number
  objectRowsRead: number
  objectRowsWritten: number
  /** Messages put on queues. */
  queueSends: number
  /** What caches had, and calls to those outside the isolate. */
  cacheHits: number
  cacheCalls: number
}

/** All of it but a length, which nobody can add up, and what is not billed by the request. */
export type Spending = Omit<Costs, 'd1SequentialTrips' | 'cacheHits' | 'cacheCalls'>

export function nothingSpent(): Spending {
  return {
    d1Trips: 0,
    d1Queries: 0,
    d1RowsRead: 0,
    d1RowsWritten: 0,
    objectHops: 0,
    objectRowsRead: 0,
    objectRowsWritten: 0,
    queueSends: 0,
  }
}

export class Meter {
  readonly costs: Costs
  readonly #total: Spending | undefined
  readonly #isAside: boolean
  #finishedDepth = 0

  /** `total` is added to as well: what all work of an isolate spends. */
  constructor(
    total?: Spending,
    costs: Costs = { ...nothingSpent(), d1SequentialTrips: 0, cacheHits: 0, cacheCalls: 0 },
    isAside = false,
  ) {
    this.#total = total
    this.costs = costs
    this.#isAside = isAside
  }

  spend(what: keyof Spending, amount: number): void {
    this.costs[what] += amount
    if (this.#total) this.#total[what] += amount
  }

  /** Counts what a cache had, or a call to one outside the isolate. */
  noteCache(what: 'cacheHits' | 'cacheCalls'): void {
    this.costs[what] += 1
  }

  /** Counts one round trip to D1. Trips that overlap are of one depth; one that waited is one deeper. */
  async d1Trip<T>(queries: number, trip: () => Promise<T>, read: (answer: T) => Spent): Promise<T> {
    const depth = this.#finishedDepth + 1
    this.spend('d1Trips', 1)
    this.spend('d1Queries', queries)
    if (!this.#isAside) this.costs.d1SequentialTrips = Math.max(this.costs.d1SequentialTrips, depth)
    try {
      const answer = await trip()
      const { rowsRead, rowsWritten } = read(answer)
      this.spend('d1RowsRead', rowsRead)
      this.spend('d1RowsWritten', rowsWritten)
      return answer
    } finally {
      this.#finishedDepth = Math.max(this.#finishedDepth, depth)
    }
  }

  /** For work that goes on after the answer: it costs as much, but is in no chain that a caller waits for. */
  aside(): Meter {
    return new Meter(this.#total, this.costs, true)
  }

  /** Counts one call to a Durable Object, with the rows that it says it spent; it has added these to its own total. */
  async hop<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
    this.spend('objectHops', 1)
    const outcome = await call
    this.costs.objectRowsRead += outcome.spent.rowsRead
    this.costs.objectRowsWritten += outcome.spent.rowsWritten
    return outcome
  }
}

/** The costs as a `Server-Timing` header: a browser's network panel shows them beside the request. */
export function serverTiming(costs: Costs, durationMs: number): string {
  const counted: [string, number][] = [
    ['d1-trips', costs.d1Trips],
    ['d1-sequential', costs.d1SequentialTrips],
    ['d1-queries', costs.d1Queries],
    ['d1-read', costs.d1RowsRead],
    ['d1-written', costs.d1RowsWritten],
    ['do-hops', costs.objectHops],
    ['do-read', costs.objectRowsRead],
    ['do-written', costs.objectRowsWritten],
    ['sends', costs.queueSends],
    ['cache-hits', costs.cacheHits],
    ['cache-calls', costs.cacheCalls],
  ]
  return [`total;dur=${durationMs}`, ...counted.map(([name, n]) => `${name};desc="${n}"`)].join(', ')
}
