import type { Permission, ServiceContext } from '../../context.ts'
import { type Action, productActions } from './domain/product-actions.ts'
import { toProduct } from './product-view.ts'
import type { WholeProduct } from './queries.ts'
import type { Product } from './schemas.ts'
import { isStaff, permissionsOf } from './visible-products.ts'

/** A product as somebody sees it, and what tells this representation from others of it. */
export interface ShownProduct {
  product: Product
  version: number
  /**
   * Which of its representations this is: by what the caller may do, by its category, whose name stands in it, and by
   * whether it leads to no reviews.
   */
  view: string
  actions: Record<string, Action>
}

const LETTERS = { 'update:product': 'u', 'publish:product': 'p', 'delete:product': 'd' } as const

/** What the links of a product depend on, besides itself. */
export interface Viewer {
  permissions: readonly Permission[]
  /** Whether reviews are switched on for them. */
  hasReviews: boolean
}

/** The caller. */
export async function viewerOf(ctx: ServiceContext): Promise<Viewer> {
  const { actor, flags } = ctx
  const [permissions, hasReviews] = await Promise.all([
    permissionsOf(ctx),
    flags.isOn('reviews', actor.kind === 'user' ? actor.userId : null),
  ])
  return { permissions, hasReviews }
}

export function showProduct(row: WholeProduct, { permissions, hasReviews }: Viewer): ShownProduct {
  const rights = Object.entries(LETTERS).flatMap(([name, letter]) =>
    permissions.some((held) => held === name) ? [letter] : [],
  )
  const parts = [
    rights.join(''),
    row.categoryVersion === null ? '' : `c${row.categoryVersion}`,
    hasReviews ? '' : 'noreviews',
  ]
  return {
    product: toProduct(row, isStaff(permissions)),
    version: row.version,
    view: parts.filter((part) => part !== '').join('.'),
    actions: productActions(row, permissions, hasReviews),
  }
}
