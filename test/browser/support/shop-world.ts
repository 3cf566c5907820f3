import type { Page } from 'playwright-core'
import type { Product, ProductFacets, ProductItem } from '../../../src/client/index.ts'

const idOf = (n: number) => `0199a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A picture that asks no other host for anything. */
const picture = (colour: string, thread: string) =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300" fill="${colour}"/><path d="M150 60h100l60 40-25 45-25-15v120H140V130l-25 15-25-45z" fill="${thread}"/></svg>`,
  )}`
const SHIRT = [
  { url: picture('#e3e6f2', '#2f3f80'), alt: 'The shirt from the front' },
  { url: picture('#f5dfd9', '#8c2a22'), alt: 'The shirt in madder' },
  { url: picture('#dbe9e0', '#23583d'), alt: 'The shirt in weld' },
]

const MADE = '2026-02-03T09:00:00.000Z'
const PLAIN: Product = {
  ...{ id: idOf(1), slug: 'linen-shirt', sku: 'LS-1', name: 'Linen shirt', brand: 'Weft & Co' },
  description: 'Plain weave from Flemish flax, garment washed.\n\nCut straight, with a collar that stands by itself.',
  ...{ categoryId: idOf(901), category: 'shirts', price: 8_900, compareAtPrice: null, currency: 'EUR' },
  ...{ stock: 24, inStock: true, weightGrams: 310, attributes: { material: 'Linen', origin: 'Portugal' } },
  ...{ images: [], tags: ['summer', 'linen'], rating: null, ratingCount: 0, isActive: true },
  ...{ createdAt: MADE, updatedAt: MADE, publishedAt: MADE, variants: [] },
}

export const PRODUCT: Product = {
  ...PLAIN,
  ...{ images: SHIRT, compareAtPrice: 10_900, rating: 4.62, ratingCount: 128, stock: 3 },
  attributes: { material: 'Linen, 190 g per square metre', origin: 'Portugal', care: 'Machine wash at 40 degrees' },
  variants: ['S', 'M', 'L'].flatMap((size, at) =>
    ['Ecru', 'Indigo'].map((colour, other) => ({
      ...{ id: idOf(500 + 2 * at + other), sku: `LS-1-${size}-${colour[0]}`, attributes: { size, colour } },
      price: colour === 'Indigo' ? 9_400 : null,
    })),
  ),
}

type Change = Partial<Product> & { name: string }
const CHANGES: Change[] = [
  {
    name: 'Overshirt in selvedge denim that was woven on a shuttle loom',
    brand: 'Northern Edge',
    price: 21_500,
    images: [],
  },
  {
    name: 'Wool scarf',
    brand: 'Weft & Co',
    price: 6_450,
    stock: 0,
    inStock: false,
    tags: ['winter'],
    rating: 3.9,
    ratingCount: 1,
  },
  { name: 'Indigo apron', brand: null, price: 4_900, compareAtPrice: 6_900, images: SHIRT.slice(1, 2) },
  { name: 'Canvas tote', brand: 'Northern Edge', price: 2_400, stock: 2 },
  { name: 'Tea towels, three of them', price: 1_950, images: SHIRT.slice(2) },
  { name: 'Hemmed handkerchief', brand: null, price: 890 },
  { name: 'Blanket', brand: 'Loom', price: 129_000, rating: 5, ratingCount: 2_310 },
]

/** What the shop has in the scenes, the newest first. */
export const PRODUCTS: Product[] = [
  PRODUCT,
  ...CHANGES.map((change, at) => ({
    ...{ ...PLAIN, id: idOf(at + 2), sku: `S-${at + 2}` },
    ...{ slug: change.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') },
    ...change,
  })),
]

/** The same for those who may change them. */
export const asStaff = <P extends ProductItem>(product: P, state: ProductItem['state'] = 'published'): P => ({
  ...{ ...product, state, ownerId: idOf(99) },
  ...(state === 'published' ? {} : { isActive: false }),
})

const FACETS: ProductFacets = {
  categories: [
    { value: 'shirts', name: 'Shirts', id: idOf(901), count: 18 },
    { value: 'kitchen', name: 'Kitchen', id: idOf(902), count: 9 },
    { value: 'blankets', name: 'Blankets and throws', id: idOf(903), count: 4 },
  ],
  brands: ['Weft & Co', 'Northern Edge', 'Loom', 'Hedda', 'Ørsted', 'Tide', 'Kasuri', 'Bolt', 'Ikat', 'Twill'].map(
    (value, at) => ({ value, count: 12 - at }),
  ),
  tags: ['linen', 'summer', 'winter', 'wool', 'sale'].map((value, at) => ({ value, count: 9 - at })),
  prices: [
    { from: 0, to: 1_000, count: 1 },
    { from: 1_000, to: 2_500, count: 6 },
    { from: 5_000, to: 10_000, count: 19 },
    { from: 100_000, to: null, count: 5 },
  ],
  ...{ inStock: 27, outOfStock: 4, counted: 31, countedAll: true, currency: 'EUR' },
}

export const TREE = [
  { id: idOf(900), name: 'Clothing', slug: 'clothing', parentId: null, position: 0, depth: 1, path: ['clothing'] },
  {
    id: idOf(901),
    name: 'Shirts',
    slug: 'shirts',
    parentId: idOf(900),
    position: 0,
    depth: 2,
    path: ['clothing', 'shirts'],
  },
  { id: idOf(902), name: 'Kitchen', slug: 'kitchen', parentId: null, position: 1, depth: 1, path: ['kitchen'] },
  { id: idOf(903), name: 'Blankets', slug: 'blankets', parentId: null, position: 2, depth: 1, path: ['blankets'] },
]

export const answer = (data: unknown, meta: object = {}) => ({ json: { success: true, data, meta } })
export const FAILED = {
  status: 500,
  json: {
    ...{ success: false, statusCode: 500, code: 'INTERNAL_ERROR' },
    ...{ message: 'Something went wrong on our side', correlationId: '7f3c-a-request' },
  },
}
export const refused = (status: number, code: string, message: string, errors: object[] = []) => ({
  status,
  json: { success: false, statusCode: status, code, message, errors },
})
export const MISSING = {
  status: 404,
  json: { success: false, statusCode: 404, code: 'NOT_FOUND', message: 'Product not found' },
}

const at = (path: string) => (url: URL) => url.pathname === path

/** A shop of `total` products that shows these, whatever it is asked for. */
export async function stock(page: Page, items: readonly ProductItem[] = PRODUCTS, total = 31): Promise<void> {
  const meta = { ...{ page: 1, limit: 24, total, totalIsExact: true, totalPages: Math.ceil(total / 24) } }
  const paged = { ...meta, hasNextPage: total > 24, hasPrevPage: false, nextCursor: null }
  await page.route(at('/v1/products'), (route) => {
    const asked = Number(new URL(route.request().url()).searchParams.get('page') ?? 1)
    return route.fulfill(answer(items, { ...paged, page: asked, hasNextPage: asked * 24 < total }))
  })
  await page.route(at('/v1/products/search'), (route) => route.fulfill(answer(items.map(found), paged)))
  await page.route(at('/v1/categories'), (route) => route.fulfill(answer(TREE)))
  await page.route(at('/v1/products/facets'), (route) => route.fulfill(answer({ ...FACETS, counted: total })))
}

const CATEGORIES = TREE.map(({ depth: _, path: __, ...rest }) => ({ ...rest, createdAt: MADE, updatedAt: MADE }))

/** The tree, and each of it by its id; what else happens to them the scene says itself. */
export async function grow(page: Page, tree = TREE): Promise<void> {
  await page.route(at('/v1/categories'), (route) => route.fulfill(answer(tree)))
  for (const category of CATEGORIES) {
    await page.route(at(`/v1/categories/${category.id}`), (route) =>
      route.fulfill({ ...answer(category), headers: { etag: '"1"' } }),
    )
  }
}

/** One product, by its id and by its slug. */
export async function show(page: Page, product: Product): Promise<void> {
  await page.route(at('/v1/categories'), (route) => route.fulfill(answer(TREE)))
  const paths = [`/v1/products/${product.id}`, `/v1/products/${product.slug}`]
  await page.route(
    (url) => paths.includes(url.pathname),
    (route) => route.fulfill({ ...answer(product), headers: { etag: '"1"' } }),
  )
}

function found(item: ProductItem) {
  const [first = '', ...rest] = item.name.split(' ')
  const nameExcerpt = [
    { text: first, isMatch: true },
    { text: ` ${rest.join(' ')}`, isMatch: false },
  ]
  return { ...item, relevance: 1, nameExcerpt, descriptionExcerpt: [{ text: item.description, isMatch: false }] }
}
