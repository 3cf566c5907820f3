import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** Whoever wants more asks for it: what is sent may be older than what is there. Its version is its sequence. */
const ProductFact = z.strictObject({ productId: z.uuid(), version: z.int() })

export const ProductCreated = defineEvent('product.created', 'product', ProductFact)
export const ProductUpdated = defineEvent('product.updated', 'product', ProductFact)
export const ProductPublished = defineEvent('product.published', 'product', ProductFact)
export const ProductArchived = defineEvent('product.archived', 'product', ProductFact)
export const ProductStockChanged = defineEvent('product.stock_changed', 'product', ProductFact)

/** Made, changed, moved or deleted: whoever keeps the tree reads it anew. */
export const CategoryChanged = defineEvent(
  'category.changed',
  'category',
  z.strictObject({ categoryId: z.uuid(), version: z.int() }),
)
