import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { linkedEnvelope, linksTo } from '../../http/conventions/resource-links.ts'
import { ok } from '../../http/envelope.ts'
import { ASK_AGAIN_SECONDS } from '../long-work/index.ts'
import { Operation } from '../long-work/schemas.ts'
import { processProducts } from './process-products.ts'
import { ProcessProductsBody } from './process-schemas.ts'

/** Before anything with an id in its place. */
export const processRoutes = new Hono<AppEnv>().post(
  '/process',
  contract('Change all products of a category or a brand', {
    tag: 'Products',
    access: { permissions: ['update:product'] },
    limits: [],
    idempotency: { key: 'optional', store: 'catalog' },
    cache: 'no-store',
    description:
      'It is accepted, and done page by page: `Location` says where it tells how far it is, `Retry-After` when to ask. Publishing also needs ' +
      'publish:product, archiving delete:product. Prices are rounded half up, never below 0 nor above 999,999,999, and `result.capped` counts products that would be dearer; what a product cost before is forgotten where ' +
      'it costs more now.',
    cost: { trips: 4, sequential: 2, rowsRead: 80, rowsWritten: 40, hops: 0, sends: 1 },
    json: ProcessProductsBody,
    bodyLimit: SMALL_BODY,
    answers: { 202: linkedEnvelope(Operation) },
    made: '/operations/{id}',
  }),
  async (c) => {
    const { operation, actions } = await processProducts(c.get('ctx'), c.req.valid('json'))
    c.header('Retry-After', String(ASK_AGAIN_SECONDS))
    return ok(c, operation, {
      status: 202,
      links: linksTo(c, actions),
    })
  },
)
