import { describe, expect, it } from 'vitest'
import { LANES, type Lane } from '../../src/platform/queues/lanes.ts'
import { importSource } from '../support/node/import-source.ts'
import { readWranglerToml } from '../support/node/wrangler-toml.ts'

const { producers, consumers } = readWranglerToml().queues
const lanes = Object.entries(LANES) as [Lane, (typeof LANES)[Lane]][]
/** What each lane promises: messages in a batch, seconds to wait for one, tries. */
const PROMISED: Record<Lane, { batch: number; waitSeconds: number; attempts: number }> = {
  critical: { batch: 10, waitSeconds: 0, attempts: 5 },
  normal: { batch: 25, waitSeconds: 1, attempts: 5 },
  bulk: { batch: 100, waitSeconds: 5, attempts: 3 },
}
/** How often storing a dead letter is tried: as often as a queue allows, and so long that four days go by. */
const DEAD_ATTEMPTS = 101
const QUEUES_KEEP_HOURS = 96

describe('the queues of wrangler.toml', () => {
  it('are the lanes, each with one producer, one consumer and one for its dead letters', () => {
    const queues = lanes.map(([, { queue }]) => queue).toSorted()
    expect(producers.map(({ queue }) => queue).toSorted()).toEqual(queues)
    const consumed = queues.flatMap((queue) => [queue, `${queue}-dead`])
    expect(consumers.map(({ queue }) => queue).toSorted()).toEqual(consumed.toSorted())
  })

  it.each(lanes)(
    'try what goes wrong on the lane %s as often as it promises, then keep it (R0.9)',
    (lane, settings) => {
      const consumer = consumers.find(({ queue }) => queue === settings.queue)
      const { batch, waitSeconds, attempts } = PROMISED[lane]
      expect(settings.attempts).toBe(attempts)
      // The first delivery is none of the retries.
      expect(consumer).toEqual({
        queue: settings.queue,
        max_batch_size: batch,
        max_batch_timeout: waitSeconds,
        max_retries: attempts - 1,
        dead_letter_queue: `${settings.queue}-dead`,
      })
      expect(settings.backoffSeconds).toHaveLength(attempts - 1)
    },
  )

  it.each(lanes)(
    'store what the lane %s gave up for as long as a queue keeps it (R0.9, R38.7)',
    async (_lane, { queue: lane }) => {
      interface Lanes {
        deadBackoff(attempt: number, random: () => number): number
      }
      const { deadBackoff } = await importSource<Lanes>('src/platform/queues/lanes.ts')
      expect(consumers.find(({ queue }) => queue === `${lane}-dead`)).toEqual({
        queue: `${lane}-dead`,
        max_batch_size: 10,
        max_batch_timeout: 1,
        max_retries: DEAD_ATTEMPTS - 1,
      })
      const delays = Array.from({ length: DEAD_ATTEMPTS - 1 }, (_, i) => deadBackoff(i + 1, () => 0.5))
      expect(delays.slice(0, 3)).toEqual([60, 300, 3_600])
      const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3_600
      expect(hours).toBeGreaterThan(QUEUES_KEEP_HOURS)
    },
  )

  it('are bound so that each lane sends to its own', async () => {
    interface Compose {
      relayPorts(env: object): { queues: object }
    }
    const { relayPorts } = await importSource<Compose>('src/compose.ts')
    const bound = Object.fromEntries(producers.map(({ binding, queue }) => [binding, queue]))
    const { queues } = relayPorts(bound)
    expect(queues).toEqual(Object.fromEntries(lanes.map(([lane, { queue }]) => [lane, queue])))
  })
})

describe('subscribers', () => {
  it('have names of their own, as those are in messages that are under way', async () => {
    const { SUBSCRIBERS } = await importSource<{ SUBSCRIBERS: { name: string }[] }>('src/subscribers.ts')
    const names = SUBSCRIBERS.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(new Set(names).size).toBe(names.length)
  })
})
