import { requireUser, type ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { type FieldError, Refusal } from '../../platform/errors.ts'
import { searchKey } from '../../platform/text.ts'
import { faultsOf } from './domain/product-rules.ts'
import { freeSlug, slugsOf } from './domain/slug.ts'
import { ProductCreated } from './events.ts'
import { givingWay } from './give-way.ts'
import { productsChanged } from './product-cache.ts'
import { insertProducts, type NewProduct, TAKEN } from './product-statements.ts'
import { readNeighbours } from './read-neighbours.ts'
import { type ShownProduct, showProduct, viewerOf } from './show-product.ts'
import { NO_STARS } from './tables.ts'
import type { CreatedProduct, CreateProductBody } from './write-schemas.ts'

/** @throws Refusal 409 where a slug or SKU is taken, 422 for what does not go together */
export async function createProduct(ctx: ServiceContext, body: CreateProductBody): Promise<ShownProduct> {
  return givingWay(body.slug === undefined, (distinct) => createOne(ctx, body, distinct))
}

async function createOne(ctx: ServiceContext, body: CreateProductBody, distinct: boolean): Promise<ShownProduct> {
  const rows = await prepare(ctx, [body], { place: () => '', distinct })
  const viewer = await viewerOf(ctx)
  const shown = rows.map((row) => showProduct({ ...row, seq: 0 }, viewer))
  const [first] = shown
  if (!first) throw new Error('One body makes one product')
  await commit(ctx, rows, ctx.idempotency.answered(201, first.product, first))
  return first
}

/** All of them or none; a refusal names those by whose fault, by their place. @throws Refusal as `createProduct` does */
export async function createProducts(
  ctx: ServiceContext,
  bodies: readonly CreateProductBody[],
): Promise<CreatedProduct[]> {
  return givingWay(
    bodies.some(({ slug }) => slug === undefined),
    (distinct) => createAll(ctx, bodies, distinct),
  )
}

async function createAll(
  ctx: ServiceContext,
  bodies: readonly CreateProductBody[],
  distinct: boolean,
): Promise<CreatedProduct[]> {
  const rows = await prepare(ctx, bodies, { place: (i) => `${i}.`, distinct })
  const created = rows.map(({ id, slug, sku, name }) => ({ id, slug, sku, name }))
  await commit(ctx, rows, ctx.idempotency.answered(201, created))
  return created
}

interface Preparing {
  /** How errors name the body with this number. */
  place: (i: number) => string
  /** Slugs of names carry a part of the id. */
  distinct: boolean
}

async function prepare(
  ctx: ServiceContext,
  bodies: readonly CreateProductBody[],
  { place, distinct }: Preparing,
): Promise<NewProduct[]> {
  const currency = ctx.settings.CATALOG_CURRENCY
  const at = (i: number, { field, message }: FieldError) => ({ field: `${place(i)}${field}`, message })
  const faults = bodies.flatMap((body, i) => faultsOf(body, currency).map((fault) => at(i, fault)))
  if (faults.length > 0) throw new Refusal('UNPROCESSABLE', 'This does not go together', { fields: faults })

  const drafts = bodies.map((body) => {
    const id = ctx.newId()
    return { id, body, slugs: body.slug === undefined ? slugsOf(body.name, 'product') : undefined }
  })
  const neighbours = await readNeighbours(ctx.catalog.db, {
    slugs: drafts.flatMap(({ body, slugs }) => slugs ?? body.slug ?? []),
    skus: bodies.map(({ sku }) => sku),
    variantSkus: bodies.flatMap(({ variants }) => variants.map(({ sku }) => sku)),
    categoryIds: bodies.flatMap(({ categoryId }) => categoryId ?? []),
  })

  const conflicts: FieldError[] = []
  const missing: FieldError[] = []
  const { slugs: takenSlugs, skus, variantSkus } = neighbours
  // Named slugs come first: what is made of a name gives way to them.
  const named = new Set(bodies.flatMap(({ slug }) => slug ?? []))
  const take = (taken: Set<string>, value: string, i: number, field: string) => {
    if (taken.has(value)) conflicts.push(at(i, { field, message: 'Taken' }))
    taken.add(value)
  }
  const now = Math.max(ctx.clock(), neighbours.newest)
  const { userId } = requireUser(ctx)
  const rows = drafts.map(({ id, body, slugs }, i): NewProduct => {
    const slug =
      slugs === undefined
        ? (body.slug ?? '')
        : freeSlug(slugs, new Set([...takenSlugs, ...named, ...(distinct ? slugs : [])]), id)
    take(takenSlugs, slug, i, 'slug')
    take(skus, body.sku, i, 'sku')
    for (const [v, { sku }] of body.variants.entries()) take(variantSkus, sku, i, `variants.${v}.sku`)
    const category = body.categoryId === null ? undefined : neighbours.categories.get(body.categoryId)
    if (body.categoryId !== null && !category) {
      missing.push(at(i, { field: 'categoryId', message: 'There is no such category' }))
    }
    return {
      ...body,
      id,
      slug,
      ownerId: userId,
      nameKey: searchKey(body.name),
      category: category?.slug ?? null,
      categoryVersion: category?.version ?? null,
      currency,
      tags: [...new Set(body.tags)],
      variants: body.variants.map(({ sku, attributes, price }) => ({ id: ctx.newId(), sku, attributes, price })),
      ...{ state: 'draft', rating: 0, ratingCount: 0, ratingSum: 0, starCounts: NO_STARS, version: 1 },
      ...{ publishedAt: null, createdAt: now, updatedAt: now },
    }
  })
  if (missing.length > 0) throw new Refusal('UNPROCESSABLE', 'There is no such category', { fields: missing })
  if (conflicts.length > 0) throw new Refusal('CONFLICT', 'A product has this already', { fields: conflicts })
  return rows
}

async function commit(ctx: ServiceContext, rows: NewProduct[], kept: Step[]): Promise<void> {
  await ctx.catalog.commit(
    [
      ...kept,
      ...insertProducts(rows),
      ...rows.map(({ id }) =>
        ctx.event(ProductCreated, { aggregateId: id, sequence: 1, payload: { productId: id, version: 1 } }),
      ),
    ],
    { refusals: TAKEN },
  )
  await productsChanged(ctx)
}
