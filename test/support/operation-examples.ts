import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { operations } from '../../src/features/long-work/tables.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Example, World } from './examples.ts'
import { makeCategory } from './products.ts'

/** An operation that waits for its first page, which nobody will begin. Answers its id on the wire. */
export async function makeOperation(ownerId: string, more: Partial<typeof operations.$inferInsert> = {}) {
  const id = newId()
  const [input, now] = [{ action: 'archive', products: { brand: 'Nobody' } }, Date.now()]
  await drizzle(env.CATALOG_DB)
    .insert(operations)
    .values({
      ...{ id, ownerId, input, kind: 'products.process', resultPath: '/products', createdAt: now, updatedAt: now },
      ...more,
    })
  return `catalog.${id}`
}

export const OPERATION_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'POST /v1/products/process': async () => ({
    path: '/v1/products/process',
    body: {
      ...{ action: 'change-price', percent: -10 },
      products: { categoryId: (await makeCategory('Any', newId())).id },
    },
    other: { action: 'archive', products: { brand: 'Nobody' } },
  }),
  'GET /v1/operations/:id': async ({ owner }) => ({ path: `/v1/operations/${await makeOperation(owner.id)}` }),
  'POST /v1/operations/:id/cancel': async ({ owner }) => ({
    path: `/v1/operations/${await makeOperation(owner.id)}/cancel`,
  }),
}
