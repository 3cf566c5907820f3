import * as z from 'zod'
import { ProductState, ProductVariant } from './schemas.ts'
import { MOST_AT_ONCE, Slug } from './write-schemas.ts'

/** What other services ask of products, and are answered. */

export const AskProducts = z.strictObject({ productIds: z.array(z.uuid()).min(1).max(MOST_AT_ONCE) })
export type AskProducts = z.output<typeof AskProducts>

export const AskProductBySlug = z.strictObject({ slug: Slug })
export type AskProductBySlug = z.output<typeof AskProductBySlug>

export const CatalogProduct = z.object({
  id: z.uuid(),
  slug: z.string(),
  sku: z.string(),
  name: z.string(),
  /** Only what is published is sold. */
  state: ProductState,
  /** Minor units of `currency`. */
  price: z.int(),
  currency: z.string(),
  stock: z.int(),
  weightGrams: z.int().nullable(),
  variants: z.array(ProductVariant),
  /** Raised by each change: a copy with a lower one is older. */
  version: z.int(),
})
export type CatalogProduct = z.output<typeof CatalogProduct>
