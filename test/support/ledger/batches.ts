import { LANES } from '../../../src/platform/queues/lanes.ts'
import type { Tally } from './ops.ts'

/** How many messages one invocation takes at most: as in wrangler.toml. */
const MOST_OF_A_BATCH: Record<string, number> = {
  [LANES.critical.queue]: 10,
  [LANES.normal.queue]: 25,
  [LANES.bulk.queue]: 100,
}

/** Messages by their queue and by how many events led to them: what is on a queue at the same time makes a batch. */
export class Batches {
  readonly #messages = new Map<string, { queue: string; count: number }>()

  note(depth: number, queue: string, count: number): void {
    const place = `${depth} ${queue}`
    this.#messages.set(place, { queue, count: (this.#messages.get(place)?.count ?? 0) + count })
  }

  add(others: Batches): void {
    for (const [place, { queue, count }] of others.#messages) this.note(Number.parseInt(place, 10), queue, count)
  }

  /** A tally with the invocations that take them. */
  addTo(tally: Tally): Map<string, number> {
    const invocations = [...this.#messages.values()].map(({ queue, count }) =>
      Math.ceil(count / (MOST_OF_A_BATCH[queue] ?? 1)),
    )
    return new Map(tally).set(
      'worker',
      invocations.reduce((sum, one) => sum + one, tally.get('worker') ?? 0),
    )
  }
}
