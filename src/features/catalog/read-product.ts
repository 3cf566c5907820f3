import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findProduct, type ProductKey } from './queries.ts'
import { type ShownProduct, showProduct, viewerOf } from './show-product.ts'
import { isStaff } from './visible-products.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** No slug looks like an id. */
export function productKey(idOrSlug: string): ProductKey {
  return UUID.test(idOrSlug) ? { id: idOrSlug } : { slug: idOrSlug }
}

/** A product by its id or its slug. @throws Refusal where there is none that the caller sees */
export async function readProduct(ctx: ServiceContext, idOrSlug: string): Promise<ShownProduct> {
  const [row, viewer] = await Promise.all([findProduct(ctx.catalog.db, productKey(idOrSlug)), viewerOf(ctx)])
  if (!row || (row.state !== 'published' && !isStaff(viewer.permissions))) throw notFound('Product')
  return showProduct(row, viewer)
}
