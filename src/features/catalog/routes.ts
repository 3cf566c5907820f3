import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { fieldsParameter, pickFields } from '../../http/conventions/fields.ts'
import { patchBodies, sentPatch } from '../../http/conventions/patch.ts'
import { entityTag } from '../../http/conventions/preconditions.ts'
import { linkedEnvelope, linksTo } from '../../http/conventions/resource-links.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { changeProduct } from './change-product.ts'
import { createProduct, createProducts } from './create-products.ts'
import { deleteProducts } from './delete-products.ts'
import { archiveProduct, deleteProduct, publishProduct, setStock } from './move-product.ts'
import { readProduct } from './read-product.ts'
import { Product, SparseProduct } from './schemas.ts'
import type { ShownProduct } from './show-product.ts'
import {
  CreatedProduct,
  CreateProductBody,
  CreateProductsBody,
  ProductId,
  ProductIdOrSlug,
  ProductIds,
  ReplaceProductBody,
  StockBody,
} from './write-schemas.ts'

/** A product with all that it may have. */
const PRODUCT_BODY = 32 * 1024
const BULK_BODY = 512 * 1024

const common = { tag: 'Products', limits: [], idempotency: 'off', cache: 'no-store' } as const
const keyed = { ...common, idempotency: { key: 'optional', store: 'catalog' } } as const
const whole = { 200: linkedEnvelope(Product) }

/** Single products. What is found by a word in the place of an id stands before. */
export const productRoutes = new Hono<AppEnv>()
  .post(
    '/',
    contract('Create a product', {
      ...keyed,
      access: { permissions: ['create:product'] },
      description: 'It is a draft, which only those who may change products see, until it is published.',
      cost: { trips: 3, sequential: 2, rowsRead: 800, rowsWritten: 300, hops: 0, sends: 0 },
      json: CreateProductBody,
      bodyLimit: PRODUCT_BODY,
      answers: { 201: linkedEnvelope(Product) },
      made: '/products/{id}',
    }),
    async (c) => {
      const { product, version, view, actions } = await createProduct(c.get('ctx'), c.req.valid('json'))
      return ok(c, product, {
        status: 201,
        etag: entityTag(version, view),
        links: linksTo(c, actions),
      })
    },
  )
  .post(
    '/bulk',
    contract('Create up to 100 products, all or none', {
      ...keyed,
      access: { permissions: ['create:product'] },
      description: 'A refusal names the fields of those by whose fault it is, by their place: `3.sku`.',
      cost: { trips: 3, sequential: 2, rowsRead: 50_000, rowsWritten: 40_000, hops: 0, sends: 0 },
      json: CreateProductsBody,
      bodyLimit: BULK_BODY,
      answers: { 201: envelope(z.array(CreatedProduct)) },
    }),
    async (c) => ok(c, await createProducts(c.get('ctx'), c.req.valid('json')), { status: 201 }),
  )
  .delete(
    '/bulk',
    contract('Delete up to 100 products, all or none', {
      ...common,
      access: { permissions: ['delete:product'] },
      description: 'They are archived at once. Where one of them is not there it is 404, which names it.',
      cost: { trips: 3, sequential: 2, rowsRead: 8_000, rowsWritten: 5_000, hops: 0, sends: 0 },
      query: ProductIds,
      answers: { 204: null },
    }),
    async (c) => {
      await deleteProducts(c.get('ctx'), c.req.valid('query').ids)
      return c.body(null, 204)
    },
  )
  .get(
    '/:id',
    contract('Read a product', {
      ...common,
      cache: 'revalidate',
      access: { permissions: ['read:product'], orGuest: true },
      description:
        'By its id or its slug. Everybody sees published products; those who may change them see all, and whose they ' +
        'are. `links` are what the caller may do. `If-None-Match` with the `ETag` answers 304 while it is the same.',
      cost: { trips: 2, sequential: 1, rowsRead: 200, rowsWritten: 0, hops: 0, sends: 0 },
      param: ProductIdOrSlug,
      query: z.object({ fields: fieldsParameter.optional() }),
      answers: { 200: z.union([linkedEnvelope(Product), linkedEnvelope(SparseProduct)]) },
    }),
    async (c) => {
      const { product, version, view, actions } = await readProduct(c.get('ctx'), c.req.valid('param').id)
      const picked = pickFields(product, c.req.valid('query').fields)
      return ok(c, picked, { etag: entityTag(version, view), links: linksTo(c, actions) })
    },
  )
  .put(
    '/:id',
    contract('Replace a product', {
      ...common,
      access: { permissions: ['update:product'] },
      precondition: 'required',
      description: 'What may be null and is left out becomes null. Stock and state have routes of their own.',
      cost: { trips: 4, sequential: 3, rowsRead: 800, rowsWritten: 400, hops: 0, sends: 0 },
      param: ProductId,
      json: ReplaceProductBody,
      bodyLimit: PRODUCT_BODY,
      answers: whole,
    }),
    async (c) => {
      const body = c.req.valid('json')
      return shown(c, await changeProduct(c.get('ctx'), c.req.valid('param').id, c.get('expected'), () => body))
    },
  )
  .patch(
    '/:id',
    contract('Change a product', {
      ...common,
      access: { permissions: ['update:product'] },
      precondition: 'required',
      description: 'By the fields that change, by a merge patch (RFC 7396), or by operations (RFC 6902).',
      cost: { trips: 4, sequential: 3, rowsRead: 800, rowsWritten: 400, hops: 0, sends: 0 },
      param: ProductId,
      ...patchBodies(ReplaceProductBody),
      bodyLimit: PRODUCT_BODY,
      answers: whole,
    }),
    async (c) => {
      const patch = sentPatch(c, ReplaceProductBody)
      return shown(c, await changeProduct(c.get('ctx'), c.req.valid('param').id, c.get('expected'), patch))
    },
  )
  .delete(
    '/:id',
    contract('Delete a product', {
      ...common,
      access: { permissions: ['delete:product'] },
      precondition: 'required',
      description: 'It is archived: those who may change products still see it, and may publish it again.',
      cost: { trips: 3, sequential: 2, rowsRead: 200, rowsWritten: 100, hops: 0, sends: 0 },
      param: ProductId,
      answers: { 204: null },
    }),
    async (c) => {
      await deleteProduct(c.get('ctx'), c.req.valid('param').id, c.get('expected'))
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/publish',
    contract('Publish a product', {
      ...keyed,
      access: { permissions: ['update:product', 'publish:product'] },
      precondition: 'optional',
      description: 'Everybody sees it from now on. One that is published already is answered as it is.',
      cost: { trips: 3, sequential: 2, rowsRead: 200, rowsWritten: 100, hops: 0, sends: 0 },
      param: ProductId,
      answers: whole,
    }),
    async (c) => shown(c, await publishProduct(c.get('ctx'), c.req.valid('param').id, c.get('expected'))),
  )
  .post(
    '/:id/archive',
    contract('Archive a product', {
      ...keyed,
      access: { permissions: ['delete:product'] },
      precondition: 'optional',
      description: 'The same as to delete it. One that is archived already is answered as it is.',
      cost: { trips: 3, sequential: 2, rowsRead: 200, rowsWritten: 100, hops: 0, sends: 0 },
      param: ProductId,
      answers: whole,
    }),
    async (c) => shown(c, await archiveProduct(c.get('ctx'), c.req.valid('param').id, c.get('expected'))),
  )
  .patch(
    '/:id/stock',
    contract('Say how many of a product there are', {
      ...common,
      access: { permissions: ['update:product'] },
      precondition: 'optional',
      cost: { trips: 3, sequential: 2, rowsRead: 200, rowsWritten: 100, hops: 0, sends: 0 },
      param: ProductId,
      json: StockBody,
      bodyLimit: SMALL_BODY,
      answers: whole,
    }),
    async (c) => {
      const { stock } = c.req.valid('json')
      return shown(c, await setStock(c.get('ctx'), c.req.valid('param').id, { stock, expected: c.get('expected') }))
    },
  )

function shown(c: Context<AppEnv>, { product, version, view, actions }: ShownProduct) {
  return ok(c, product, { etag: entityTag(version, view), links: linksTo(c, actions) })
}
