import { inArray, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { CATEGORY_ROWS } from './product-cache.ts'
import { categories } from './tables.ts'

type Slugs = ReadonlyMap<string, string>

/** The slugs of categories by their ids, where the tree is remembered; else null: then a row of each is read. */
export async function knownSlugs(ctx: ServiceContext): Promise<Slugs | null> {
  const rows = await ctx.cache.known(CATEGORY_ROWS, 'all')
  return rows && new Map(rows.map(({ id, slug }) => [id, slug]))
}

/** The same products with the slugs of their categories. Those that are newer than what is remembered are read. */
export async function nameCategories<R extends { categoryId: string | null; category: string | null }>(
  ctx: ServiceContext,
  rows: readonly R[],
  slugs: Slugs,
): Promise<R[]> {
  const newer = new Set(rows.flatMap(({ categoryId: id }) => (id === null || slugs.has(id) ? [] : id)))
  const read = newer.size === 0 ? [] : await readSlugs(ctx, [...newer])
  const all = new Map([...slugs, ...read.map(({ id, slug }): [string, string] => [id, slug])])
  return rows.map((row) => ({ ...row, category: row.categoryId === null ? null : (all.get(row.categoryId) ?? null) }))
}

function readSlugs(ctx: ServiceContext, ids: readonly string[]) {
  return ctx.catalog.db
    .select({ id: categories.id, slug: categories.slug })
    .from(categories)
    .where(inArray(categories.id, sql`(select value from json_each(${JSON.stringify(ids)}))`))
}
