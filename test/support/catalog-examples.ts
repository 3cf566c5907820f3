import { newId } from '../../src/platform/ids.ts'
import type { Example, World } from './examples.ts'
import { makeCategory, makeProducts } from './products.ts'

type Make = (world: World) => Example | Promise<Example>

const products = '/v1/products'
const categories = '/v1/categories'
const FIRST = { 'if-match': '"1"' }

/** All that a product may have, as a client writes it; its SKUs are nobody's. */
export function productBody(more: object = {}) {
  const sku = newId()
  return {
    sku,
    price: 4_900,
    compareAtPrice: 5_900,
    attributes: { material: 'linen' },
    images: [{ url: 'https://images.test/shirt.jpg', alt: 'A shirt' }],
    tags: ['summer', 'new'],
    variants: [
      { sku: `${sku}-M`, attributes: { size: 'M' } },
      { sku: `${sku}-L`, attributes: { size: 'L' }, price: 5_100 },
    ],
    name: `Linen shirt ${sku}`,
    ...more,
  }
}

/** The same for a PUT, which names all that may not be null. */
export function wholeProductBody(more: object = {}) {
  const body = productBody()
  return { ...body, slug: `shirt-${body.sku}`, description: 'For hot days', currency: 'EUR', ...more }
}

async function onProduct(rest: string, state: 'draft' | 'published' = 'published'): Promise<string> {
  const [made] = await makeProducts([{ state, tags: ['old'], categoryId: (await makeCategory('Any', newId())).id }])
  return `${products}/${made?.id}${rest}`
}

async function onCategory(): Promise<string> {
  return `${categories}/${(await makeCategory('Any', newId())).id}`
}

export const CATALOG_EXAMPLES: Record<string, Make> = {
  'GET /v1/products': () => ({ path: `${products}?limit=10` }),
  'GET /v1/products/search': () => ({ path: `${products}/search?q=cloth&limit=10` }),
  'GET /v1/products/facets': () => ({ path: `${products}/facets` }),
  'POST /v1/products': () => ({ path: products, body: productBody() }),
  'POST /v1/products/bulk': () => ({
    path: `${products}/bulk`,
    body: Array.from({ length: 100 }, () => productBody()),
    other: [productBody()],
  }),
  'DELETE /v1/products/bulk': async () => {
    const made = await makeProducts(Array.from({ length: 100 }, () => ({})))
    return { path: `${products}/bulk?ids=${made.map(({ id }) => id).join(',')}` }
  },
  'GET /v1/products/:id': async () => ({ path: await onProduct('') }),
  'PUT /v1/products/:id': async () => ({
    path: await onProduct(''),
    body: wholeProductBody({ categoryId: (await makeCategory('Other', newId())).id }),
    headers: FIRST,
  }),
  'PATCH /v1/products/:id': async () => ({
    path: await onProduct(''),
    body: { name: 'Another', categoryId: (await makeCategory('Other', newId())).id, tags: ['a', 'b'] },
    headers: FIRST,
  }),
  'DELETE /v1/products/:id': async () => ({ path: await onProduct(''), headers: FIRST }),
  'POST /v1/products/:id/publish': async () => ({ path: await onProduct('/publish', 'draft') }),
  'POST /v1/products/:id/archive': async () => ({ path: await onProduct('/archive') }),
  'PATCH /v1/products/:id/stock': async () => ({ path: await onProduct('/stock'), body: { stock: 0 } }),
  'GET /v1/categories': () => ({ path: categories }),
  'POST /v1/categories': async () => ({
    path: categories,
    body: { parentId: (await makeCategory('Above', newId())).id, name: 'Shirts' },
  }),
  'GET /v1/categories/:id': async () => ({ path: await onCategory() }),
  'PUT /v1/categories/:id': async () => ({
    path: await onCategory(),
    body: { name: 'Moved', slug: newId(), parentId: (await makeCategory('Above', newId())).id },
  }),
  'PATCH /v1/categories/:id': async () => ({
    path: await onCategory(),
    body: { parentId: (await makeCategory('Above', newId())).id },
  }),
  'DELETE /v1/categories/:id': async () => ({ path: await onCategory() }),
}
