import type { TaggedProduct } from '../../shop/products.ts'
import { differencesOf, EMPTY_FORM, formOf, isSame, isSameForm, type ProductForm } from './product-form.ts'

/** What is typed, and the product as it was when the typing began; null for one that is to be made. */
export interface Edited {
  form: ProductForm
  base: TaggedProduct | null
}

export const isChanged = ({ form, base }: Edited): boolean =>
  !isSameForm(form, base ? formOf(base.product) : EMPTY_FORM)

/** Whether the person has changed the stock: what nobody has typed is not written back over what was sold since. */
export const hasOwnStock = ({ form, base }: Edited): boolean =>
  base !== null && form.stock.trim() !== String(base.product.stock)

/** Whether all that was typed and is not saved is the stock, which is set by a call of its own after the rest. */
export const isOnlyStockLeft = ({ form, base }: Edited): boolean =>
  base !== null && isSameForm(form, { ...formOf(base.product), stock: form.stock })

/** The same typing over another state of the product; its stock goes along where nobody has typed one. */
export function rebased(edited: Edited, onto: TaggedProduct): Edited {
  const stock = hasOwnStock(edited) ? edited.form.stock : String(onto.product.stock)
  return { form: { ...edited.form, stock }, base: onto }
}

/**
 * What the page begins with. `theirs` is what somebody else has saved since the typing began, where saving it now would
 * undo that.
 */
export function resume(kept: Edited | null, loaded: TaggedProduct | null): Edited & { theirs: TaggedProduct | null } {
  if (!loaded) return { form: kept?.form ?? EMPTY_FORM, base: null, theirs: null }
  if (!kept?.base) return { form: kept?.form ?? formOf(loaded.product), base: loaded, theirs: null }
  // The state is not part of what is saved here, and the stock only where it was typed.
  const undone = differencesOf(kept.base.product, loaded.product).filter(
    (field) => field !== 'state' && (field !== 'stock' || hasOwnStock(kept)),
  )
  if (kept.base.etag === loaded.etag || undone.length === 0) return { ...rebased(kept, loaded), theirs: null }
  return { ...kept, theirs: loaded }
}

/** What was saved, as the rows of the page that it was sent from. */
export function savedForm(sent: ProductForm, { product }: TaggedProduct): ProductForm {
  const saved = formOf(product)
  return {
    ...saved,
    attributes: sameKeys(saved.attributes, sent.attributes),
    images: sameKeys(saved.images, sent.images),
    variants: sameKeys(saved.variants, sent.variants),
  }
}

/** What was saved, and over it what was typed while it was on its way. */
export function afterSave(sent: ProductForm, now: ProductForm, saved: ProductForm): ProductForm {
  const typed = Object.entries(now).filter(([name, value]) => !isSame(value, sent[name as keyof ProductForm]))
  const merged: ProductForm = { ...saved, ...Object.fromEntries(typed) }
  const ids = new Map(saved.variants.map(({ key, id }) => [key, id]))
  // A new variant has its id from now on, whatever is typed into it.
  const variants = merged.variants.map((row) => {
    const id = row.id ?? ids.get(row.key)
    return id === undefined ? row : { ...row, id }
  })
  return { ...merged, variants }
}

/** The server answers rows in the order in which they were sent. */
function sameKeys<R extends { key: number }>(rows: readonly R[], sent: readonly R[]): R[] {
  return rows.map((row, i) => ({ ...row, key: rows.length === sent.length ? (sent[i]?.key ?? row.key) : row.key }))
}
