import { isDeepStrictEqual } from 'node:util'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged, type Step } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { changedSince, decideAnew, demandExpected, type Expected } from '../../platform/expected.ts'
import type { CreateCategoryBody, ReplaceCategoryBody } from './category-schemas.ts'
import { CATEGORY_REFUSALS, expectTree } from './category-statements.ts'
import { freeSlug, slugsOf } from './domain/slug.ts'
import { CategoryChanged } from './events.ts'
import { givingWay } from './give-way.ts'
import { productsChanged } from './product-cache.ts'
import type { CategoryRow } from './queries.ts'
import { fetchCategory, type ShownCategory, showCategory } from './read-categories.ts'
import { categories, products } from './tables.ts'
import { permissionsOf } from './visible-products.ts'

/** As many as the tree may have: it is always read as a whole. */
const MOST_CATEGORIES = 2_000

/** @throws Refusal 409 where the slug is taken, 422 where it stands too deep or its parent is not there */
export function createCategory(ctx: ServiceContext, body: CreateCategoryBody): Promise<ShownCategory> {
  requireUser(ctx)
  return givingWay(body.slug === undefined, (distinct) => createOnce(ctx, body, distinct))
}

async function createOnce(ctx: ServiceContext, body: CreateCategoryBody, distinct: boolean): Promise<ShownCategory> {
  const { db } = ctx.catalog
  const id = ctx.newId()
  const derived = () => findFreeSlug(ctx, { name: body.name, id, distinct })
  const [slug, permissions] = await Promise.all([body.slug ?? derived(), permissionsOf(ctx)])
  const now = ctx.clock()
  const row: CategoryRow = { ...body, id, slug, version: 1, createdAt: now, updatedAt: now }
  const shown = showCategory(row, permissions)
  await ctx.catalog.commit(
    [
      ...ctx.idempotency.answered(201, shown.category, shown),
      db.insert(categories).values(row),
      sql`update categories set position = position where id = ${id}
        and (select count(*) from categories) <= ${MOST_CATEGORIES}`,
      expectChanged('category:most'),
      ...expectTree(id),
      changed(ctx, row),
    ],
    { refusals: { ...CATEGORY_REFUSALS, 'category:most': tooMany } },
  )
  await productsChanged(ctx)
  return shown
}

/**
 * Writes what `change` makes of the category as a PUT would have to send it; where that is what there is, nothing
 * happens. Who stands below it moves with it.
 * @throws Refusal 404, 412, 409 where the slug is taken, 422 where it would stand below itself or too deep
 */
export function changeCategory(
  ctx: ServiceContext,
  id: string,
  expected: Expected | undefined,
  change: (current: ReplaceCategoryBody) => ReplaceCategoryBody,
): Promise<ShownCategory> {
  requireUser(ctx)
  return decideAnew(expected, () => changeOnce(ctx, id, expected, change))
}

async function changeOnce(
  ctx: ServiceContext,
  id: string,
  expected: Expected | undefined,
  change: (current: ReplaceCategoryBody) => ReplaceCategoryBody,
): Promise<ShownCategory> {
  const [before, permissions] = await Promise.all([fetchCategory(ctx, id), permissionsOf(ctx)])
  const { name, slug, parentId, position } = before
  const current = { name, slug, parentId, position }
  demandExpected(expected, before.version, () => isDeepStrictEqual(change(current), current))
  const wanted = change(current)
  if (isDeepStrictEqual(wanted, current)) return showCategory(before, permissions)
  const after: CategoryRow = { ...before, ...wanted, version: before.version + 1, updatedAt: ctx.clock() }
  await ctx.catalog.commit(
    [
      ctx.catalog.db.update(categories).set(after).where(stillTheSame(before)),
      expectChanged('category:version'),
      ...expectTree(id),
      changed(ctx, after),
    ],
    { refusals: { ...CATEGORY_REFUSALS, 'category:version': changedSince } },
  )
  await productsChanged(ctx)
  return showCategory(after, permissions)
}

/** @throws Refusal 404, 412, 409 where something stands below it or products are in it */
export function deleteCategory(ctx: ServiceContext, id: string, expected: Expected | undefined): Promise<void> {
  requireUser(ctx)
  return decideAnew(expected, () => deleteOnce(ctx, id, expected))
}

async function deleteOnce(ctx: ServiceContext, id: string, expected: Expected | undefined): Promise<void> {
  const before = await fetchCategory(ctx, id)
  demandExpected(expected, before.version)
  await ctx.catalog.commit(
    [
      sql`update categories set position = position where ${stillTheSame(before)}`,
      expectChanged('category:version'),
      sql`delete from categories where id = ${id}
        and not exists (select 1 from ${categories} as child where child.parent_id = ${id})
        and not exists (select 1 from ${products} where category_id = ${id})`,
      expectChanged('category:empty'),
      changed(ctx, { id, version: before.version + 1 }),
      ctx.audit('CATEGORY_DELETED', { targetType: 'category', targetId: id, details: { slug: before.slug } }),
    ],
    { refusals: { 'category:version': changedSince, 'category:empty': notEmpty } },
  )
  await productsChanged(ctx)
}

function stillTheSame({ id, version }: CategoryRow) {
  return and(eq(categories.id, id), eq(categories.version, version))
}

function changed(ctx: ServiceContext, { id, version }: Pick<CategoryRow, 'id' | 'version'>): Step {
  return ctx.event(CategoryChanged, { aggregateId: id, sequence: version, payload: { categoryId: id, version } })
}

async function findFreeSlug(
  ctx: ServiceContext,
  { name, id, distinct }: { name: string; id: string; distinct: boolean },
): Promise<string> {
  const slugs = slugsOf(name, 'category')
  if (distinct) return freeSlug(slugs, new Set(slugs), id)
  const taken = await ctx.catalog.db
    .select({ slug: categories.slug })
    .from(categories)
    .where(inArray(categories.slug, slugs))
  return freeSlug(slugs, new Set(taken.map(({ slug }) => slug)), id)
}

function tooMany(): Refusal {
  return new Refusal('CONFLICT', `There are ${MOST_CATEGORIES} categories, and there can be no more`)
}

function notEmpty(): Refusal {
  return new Refusal('CONFLICT', 'There are categories below it, or products in it')
}
