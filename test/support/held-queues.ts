import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import worker from '../../src/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { LANES, LaneMessage } from '../../src/platform/queues/lanes.ts'

interface Held {
  id: string
  queue: string
  body: unknown
  attempts: number
}

export type Consume = (batch: MessageBatch, env: Env, ctx: ExecutionContext) => Promise<void>

export interface DeliveryOptions {
  /** Every message comes twice, and in any order: what a queue may do at its worst. */
  twice?: boolean
  /** Whose process takes the batch: where it dies, none of the batch counts as taken. */
  process?: { env: Env; isDead: boolean }
  consume?: Consume
}

const PRODUCERS = { critical: env.CRITICAL_QUEUE, normal: env.NORMAL_QUEUE, bulk: env.BULK_QUEUE }

/** The queues in the hands of a test: they keep what they are given, also by objects, until they are told to deliver. */
export class HeldQueues {
  #held: Held[] = []
  #seed = 1
  readonly #events = new Map<string, Set<string>>()

  /** How many events of this type an aggregate has told of: a repeated message tells of the same one. */
  countEvents(type: string, aggregateId: string): number {
    return this.#events.get(`${type} ${aggregateId}`)?.size ?? 0
  }

  get isEmpty(): boolean {
    return this.#held.length === 0
  }

  put(queue: string, bodies: readonly unknown[]): void {
    // As JSON, which is how they travel.
    const messages = bodies.map((body) => ({ id: newId(), queue, body: JSON.parse(JSON.stringify(body)), attempts: 1 }))
    this.#held.push(...messages)
    for (const { body } of messages) this.#note(LaneMessage.safeParse(body).data)
  }

  /** Delivers until nothing is left, or the process dies. Waits between attempts are skipped. */
  async deliver(options: DeliveryOptions = {}): Promise<void> {
    const { twice = false, process = { env, isDead: false }, consume = worker.queue } = options
    while (this.#held.length > 0 && !process.isDead) {
      const fresh = this.#held
      const doubled = twice
        ? fresh.flatMap((one) => (one.attempts === 1 ? [one, { ...one, id: newId() }] : [one]))
        : fresh
      this.#held = []
      const queues = Map.groupBy(twice ? this.#shuffle(doubled) : doubled, ({ queue }) => queue)
      for (const [queue, messages] of queues) {
        const left = process.isDead ? messages : await deliverBatch(queue, messages, process, consume)
        this.#held.push(...left)
      }
    }
  }

  /** Forgets what a broken run has left. What comes then is shuffled as this seed says. */
  clear(seed = 1): void {
    this.#held = []
    this.#seed = 1 + (seed % 2_147_483_646)
  }

  /** In the same order in every run of a file, so that what fails does so again. */
  #shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => {
        this.#seed = (this.#seed * 48_271) % 2_147_483_647
        return { item, at: this.#seed }
      })
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }

  #note(message: LaneMessage | undefined): void {
    if (!message) return
    const { id, type, aggregateId } = message.event
    const name = `${type} ${aggregateId}`
    this.#events.set(name, (this.#events.get(name) ?? new Set()).add(id))
  }
}

/** Answers what has to come again. */
async function deliverBatch(
  queue: string,
  messages: Held[],
  process: { env: Env; isDead: boolean },
  consume: Consume,
): Promise<Held[]> {
  const ctx = createExecutionContext()
  const batch = createMessageBatch(
    queue,
    messages.map(({ id, body, attempts }) => ({ id, body, attempts, timestamp: new Date() })),
  )
  await consume(batch, process.env, ctx)
  const { explicitAcks } = await getQueueResult(batch, ctx)
  const left = process.isDead ? messages : messages.filter(({ id }) => !explicitAcks.includes(id))
  return left.map((message) => ({ ...message, attempts: message.attempts + 1 })).map(moveIfDead)
}

/** As the platform does with what was tried too often. */
function moveIfDead(message: Held): Held {
  const lane = Object.values(LANES).find(({ queue }) => queue === message.queue)
  return lane && message.attempts > lane.attempts
    ? { ...message, queue: `${message.queue}-dead`, attempts: 1 }
    : message
}

/** Holds the queues of a test file: of its own calls, of the Worker and of objects. */
export function holdQueues(): HeldQueues {
  const held = new HeldQueues()
  const spies: { mockRestore(): void }[] = []
  beforeAll(() => {
    for (const [lane, producer] of Object.entries(PRODUCERS)) {
      const { queue } = LANES[lane as keyof typeof LANES]
      const take = async (bodies: unknown[]) => {
        held.put(queue, bodies)
        return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
      }
      spies.push(
        vi.spyOn(producer, 'send').mockImplementation((body) => take([body])),
        vi.spyOn(producer, 'sendBatch').mockImplementation((all) => take([...all].map(({ body }) => body))),
      )
    }
  })
  afterAll(() => {
    for (const spy of spies) spy.mockRestore()
  })
  return held
}
