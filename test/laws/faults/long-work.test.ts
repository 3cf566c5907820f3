import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Operation } from '../../../src/features/long-work/schemas.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { growProducts, makeCategory } from '../../support/products.ts'

const queues = holdQueues()
/** Two pages. */
const MANY = 101
let made = 1

it('changes each price exactly once, and comes to its end, wherever it was cut off (R2.9, R33.7, R35.6)', {
  timeout: 120_000,
}, async () => {
  const begin = (process: { api: ReturnType<typeof createApi> }, world: World) =>
    process.api
      .as(world.admin)
      .post<Operation>(
        '/v1/products/process',
        { action: 'change-price', percent: 100, products: { categoryId: world.categoryId } },
        { headers: { 'idempotency-key': world.key } },
      )
  const calls = await crashEverywhere({
    queues,
    faults: [
      { mode: 'crash', side: 'before' },
      { mode: 'crash', side: 'after' },
      { mode: 'lost', side: 'after' },
    ],
    arrange: async () => {
      const admin = await makePerson(createApi().isolate, { role: 'admin' })
      const { id } = await makeCategory('Any', crypto.randomUUID())
      await growProducts(MANY, [id], made)
      made += MANY
      return { admin, categoryId: id, key: crypto.randomUUID(), sum: await sumOf(id) }
    },
    act: async (process, world) => {
      const answer = await begin(process, world)
      await queues.deliver({ process })
      return answer
    },
    repeat: begin,
    check: async ({ categoryId, admin, sum }, { again }) => {
      expect(again.status).toBe(202)
      expect(await sumOf(categoryId)).toEqual({ prices: 2 * sum.prices, versions: 2 * MANY })
      const rows = await env.CATALOG_DB.prepare('select state, step, done, total from operations where owner_id = ?')
        .bind(admin.id)
        .all()
      expect(rows.results).toEqual([{ state: 'succeeded', step: 2, done: MANY, total: MANY }])
      const events = await env.CATALOG_DB.prepare(
        `select count(*) as n from outbox where type = 'product.updated'
           and aggregate_id in (select id from products where category_id = ?)`,
      )
        .bind(categoryId)
        .first('n')
      expect(events).toBe(MANY)
    },
  })
  expect(calls.length).toBeGreaterThan(8)
})

interface World {
  admin: Awaited<ReturnType<typeof makePerson>>
  categoryId: string
  key: string
}

async function sumOf(categoryId: string): Promise<{ prices: number; versions: number }> {
  const row = await env.CATALOG_DB.prepare(
    'select sum(price) as prices, sum(version) as versions from products where category_id = ?',
  )
    .bind(categoryId)
    .first<{ prices: number; versions: number }>()
  return row ?? { prices: 0, versions: 0 }
}
