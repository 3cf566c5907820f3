import { asc } from 'drizzle-orm'
import type { Permission, ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { sha256Hex } from '../../platform/security/encoding.ts'
import type { Category, TreeCategory } from './category-schemas.ts'
import { type Placed, treeOf } from './domain/category-tree.ts'
import type { Action } from './domain/product-actions.ts'
import { type CategoryRow, findCategory } from './queries.ts'
import { categories } from './tables.ts'
import { permissionsOf } from './visible-products.ts'

/** All categories, and a strong tag of them. */
export async function readCategoryTree(ctx: ServiceContext): Promise<{ tree: TreeCategory[]; etag: string }> {
  const { id, name, slug, parentId, position } = categories
  const rows = await ctx.catalog.db
    .select({ id, name, slug, parentId, position })
    .from(categories)
    .orderBy(asc(parentId), asc(position), asc(id))
  const tree: Placed<(typeof rows)[number]>[] = treeOf(rows)
  const hash = await sha256Hex(JSON.stringify(tree))
  return { tree, etag: `"${hash.slice(0, HASH_LENGTH)}"` }
}

const HASH_LENGTH = 32

export interface ShownCategory {
  category: Category
  version: number
  /** Which of its representations this is: by what the caller may do. */
  view: string
  actions: Record<string, Action>
}

/** @throws Refusal where there is none */
export async function readCategory(ctx: ServiceContext, id: string): Promise<ShownCategory> {
  const [row, permissions] = await Promise.all([fetchCategory(ctx, id), permissionsOf(ctx)])
  return showCategory(row, permissions)
}

/** @throws Refusal where there is none */
export async function fetchCategory(ctx: ServiceContext, id: string): Promise<CategoryRow> {
  const row = await findCategory(ctx.catalog.db, id)
  if (!row) throw notFound('Category')
  return row
}

export function showCategory(row: CategoryRow, permissions: readonly Permission[]): ShownCategory {
  const { version, createdAt, updatedAt, ...rest } = row
  const path = `/categories/${row.id}`
  const mayUpdate = permissions.includes('update:product')
  const mayDelete = permissions.includes('delete:product')
  return {
    category: { ...rest, createdAt: isoTime(createdAt), updatedAt: isoTime(updatedAt) },
    version,
    view: `${mayUpdate ? 'u' : ''}${mayDelete ? 'd' : ''}`,
    actions: {
      self: { path },
      products: { path: `/products?category=${row.slug}` },
      ...(mayUpdate ? { update: { path, method: 'PUT' }, patch: { path, method: 'PATCH' } } : {}),
      ...(mayDelete ? { delete: { path, method: 'DELETE' } } : {}),
    },
  }
}
