import { attempt, openShelf, type Shelf } from '../../chat/conversation/shelf.ts'
import type { Edited } from './edited-product.ts'
import { nextKey, type ProductForm } from './product-form.ts'

/** One a product and person, in this browser: it outlives the page, and goes when the person signs out (`traces.ts`). */
export function draftsOf(userId: string, shelf: Shelf = openShelf()) {
  const keyOf = (productId: string) => `selvage:product:${userId}:${productId}`
  return {
    read(productId: string): Edited | null {
      try {
        const draft = JSON.parse(shelf.getItem(keyOf(productId)) ?? 'null') as Edited | null
        return draft && typeof draft.form.name === 'string' && 'base' in draft
          ? { form: withNewKeys(draft.form), base: draft.base }
          : null
      } catch {
        return null
      }
    },
    write: (productId: string, draft: Edited) => attempt(() => shelf.setItem(keyOf(productId), JSON.stringify(draft))),
    forget: (productId: string) => attempt(() => shelf.removeItem(keyOf(productId))),
  }
}

/** Keys are counted anew by each page. */
function withNewKeys(form: ProductForm): ProductForm {
  const anew = <R extends { key: number }>(rows: readonly R[]): R[] => rows.map((row) => ({ ...row, key: nextKey() }))
  return { ...form, attributes: anew(form.attributes), images: anew(form.images), variants: anew(form.variants) }
}
