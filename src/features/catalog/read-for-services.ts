import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findProduct, findProductsById, type WholeProduct } from './queries.ts'
import type { AskProductBySlug, AskProducts, CatalogProduct } from './service-schemas.ts'

/** Of whatever state, in the order in which they are asked for; of those that are not there, nothing. */
export async function readProducts(ctx: ServiceContext, { productIds }: AskProducts): Promise<CatalogProduct[]> {
  const found = await findProductsById(ctx.catalog.db, productIds)
  const byId = new Map(found.map((row) => [row.id, row]))
  return [...new Set(productIds)].flatMap((id) => {
    const row = byId.get(id)
    return row ? [toCatalogProduct(row)] : []
  })
}

/** Of whatever state. @throws Refusal where there is none */
export async function readProductBySlug(ctx: ServiceContext, { slug }: AskProductBySlug): Promise<CatalogProduct> {
  const row = await findProduct(ctx.catalog.db, { slug })
  if (!row) throw notFound('Product')
  return toCatalogProduct(row)
}

function toCatalogProduct(row: WholeProduct): CatalogProduct {
  const { id, slug, sku, name, state, price, currency, stock, weightGrams, variants, version } = row
  return { id, slug, sku, name, state, price, currency, stock, weightGrams, variants, version }
}
