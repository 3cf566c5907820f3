import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { CatalogPageDue } from '../../src/features/long-work/events.ts'
import worker from '../../src/index.ts'
import { newId } from '../../src/platform/ids.ts'
import { beginDeliveries, endDeliveries } from '../support/deliveries.ts'
import { bindings, deliverTo, eventOf, messageFor } from '../support/queues.ts'

const message = () => {
  const event = eventOf(CatalogPageDue.type, { payload: { operationId: newId(), step: 0 } })
  return { id: event.id, body: messageFor('catalog.run-page', event) }
}
const handled = async (id: string) =>
  (await env.CATALOG_DB.prepare('select 1 from inbox where event_id = ?').bind(id).all()).results.length > 0

/** As the platform hands over what it keeps. */
const deliver = (body: unknown, given: Partial<typeof env> = {}) =>
  deliverTo((batch, ctx) => worker.queue(batch, bindings(given), ctx), 'selvage-critical', [
    { id: newId().replaceAll('-', ''), body },
  ])

describe('where a file of tests ends', () => {
  it('what it had sent is never handled, and what the next one sends is', async () => {
    const [old, fresh] = [message(), message()]
    await endDeliveries()
    await env.CRITICAL_QUEUE.send(old.body)
    expect((await deliver(old.body)).acknowledged.length).toBe(1)
    beginDeliveries()
    await scheduler.wait(2)
    await env.CRITICAL_QUEUE.send(fresh.body)
    await vi.waitFor(async () => expect(await handled(fresh.id)).toBe(true), { timeout: 20_000, interval: 20 })
    expect(await handled(old.id)).toBe(false)
  })

  it('the next one waits for what is being handled', async () => {
    const { id, body } = message()
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    const withSession = (constraint?: D1SessionConstraint) => {
      const session = env.CATALOG_DB.withSession(constraint)
      const batch = (statements: D1PreparedStatement[]) => promise.then(() => session.batch(statements))
      return { batch, prepare: (sql: string) => session.prepare(sql), getBookmark: () => session.getBookmark() }
    }
    const slow = { prepare: (sql: string) => env.CATALOG_DB.prepare(sql), withSession } as unknown as D1Database
    const delivery = deliver(body, { CATALOG_DB: slow })
    let hasEnded = false
    const ended = endDeliveries().then(() => {
      hasEnded = true
    })
    await handled(id)
    expect(hasEnded).toBe(false)
    goOn()
    await Promise.all([ended, delivery])
    expect(await handled(id)).toBe(true)
    beginDeliveries()
  })
})
