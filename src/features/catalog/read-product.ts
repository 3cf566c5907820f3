import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findProduct, type ProductKey } from './queries.ts'
import { type ShownProduct, showProduct } from './show-product.ts'
import { isStaff, permissionsOf } from './visible-products.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** No slug looks like an id. */
export function productKey(idOrSlug: string): ProductKey {
  return UUID.test(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug }
}

/** A product by its id or its slug. @throws Refusal where there is none that the caller sees */
export async function readProduct(ctx: ServiceContext, idOrSlug: string): Promise<ShownProduct> {
  const [row, permissions] = await Promise.all([findProduct(ctx.catalog.db, productKey(idOrSlug)), permissionsOf(ctx)])
  if (!row || (row.state !== 'published' && !isStaff(permissions))) throw notFound('Product')
  return showProduct(row, permissions)
}
