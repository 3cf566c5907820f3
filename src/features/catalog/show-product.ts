import type { Permission } from '../../context.ts'
import { type Action, productActions } from './domain/product-actions.ts'
import { toProduct } from './product-view.ts'
import type { WholeProduct } from './queries.ts'
import type { Product } from './schemas.ts'
import { isStaff } from './visible-products.ts'

/** A product as somebody sees it, and what tells this representation from others of it. */
export interface ShownProduct {
  product: Product
  version: number
  /** Which of its representations this is: by what the caller may do, and by its category, whose name stands in it. */
  view: string
  actions: Record<string, Action>
}

const LETTERS = { 'update:product': 'u', 'publish:product': 'p', 'delete:product': 'd' } as const

export function showProduct(row: WholeProduct, permissions: readonly Permission[]): ShownProduct {
  const rights = Object.entries(LETTERS).flatMap(([name, letter]) =>
    permissions.some((held) => held === name) ? [letter] : [],
  )
  const parts = [rights.join(''), row.categoryVersion === null ? '' : `c${row.categoryVersion}`]
  return {
    product: toProduct(row, isStaff(permissions)),
    version: row.version,
    view: parts.filter((part) => part !== '').join('.'),
    actions: productActions(row, permissions),
  }
}
