import { describe, expect, it } from 'vitest'
import type { Product } from '../../src/client/index.ts'
import {
  afterSave,
  hasOwnStock,
  isChanged,
  rebased,
  resume,
  savedForm,
} from '../../src/web/admin/catalog/edited-product.ts'
import { formOf, isSameForm, type ProductForm } from '../../src/web/admin/catalog/product-form.ts'

const SHIRT: Product = {
  ...{ id: 'p', slug: 'linen-shirt', sku: 'LS', name: 'Linen shirt', description: 'Plain', brand: null },
  ...{ categoryId: null, category: null, price: 8_900, compareAtPrice: null, currency: 'EUR', stock: 10 },
  ...{ inStock: true, weightGrams: null, attributes: {}, tags: [], images: [] },
  ...{ rating: null, ratingCount: 0, isActive: true, publishedAt: null },
  ...{ createdAt: '2026-02-03T09:00:00.000Z', updatedAt: '2026-02-03T09:00:00.000Z' },
  variants: [{ id: 'v1', sku: 'LS-S', attributes: { size: 'S' }, price: null }],
}
const stateOf = (version: number, change: Partial<Product> = {}) => ({
  product: { ...SHIRT, ...change },
  etag: `"${version}"`,
})
const typed = (change: Partial<ProductForm>, form = formOf(SHIRT)): ProductForm => ({ ...form, ...change })

describe('a product that is edited', () => {
  it('takes the stock of others along where the person has typed none, and keeps the one that was typed', () => {
    const sold = stateOf(2, { stock: 7 })
    const untouched = { form: typed({ description: 'Fine' }), base: stateOf(1) }
    const over = rebased(untouched, sold)
    expect([hasOwnStock(untouched), hasOwnStock(over), over.form.stock]).toEqual([false, false, '7'])
    const counted = rebased({ form: typed({ stock: '12' }), base: stateOf(1) }, sold)
    expect([hasOwnStock(counted), counted.form.stock]).toEqual([true, '12'])
  })

  it('says after a reload what somebody else has changed since the typing began, not since the reload', () => {
    const kept = { form: typed({ brand: 'Weft' }), base: stateOf(1) }
    const begun = resume(kept, stateOf(2, { price: 9_900 }))
    expect([begun.base?.product.price, begun.theirs?.product.price, begun.form.price]).toEqual([8_900, 9_900, '89.00'])
  })

  it('goes on over what others did where saving undoes nothing of it', () => {
    const kept = { form: typed({ brand: 'Weft' }), base: stateOf(1) }
    const begun = resume(kept, stateOf(2, { stock: 7, state: 'published' }))
    expect([begun.theirs, begun.base?.etag, begun.form.stock, begun.form.brand]).toEqual([null, '"2"', '7', 'Weft'])
    const counted = { form: typed({ stock: '12' }), base: stateOf(1) }
    expect(resume(counted, stateOf(2, { stock: 7 })).theirs?.product.stock).toBe(7)
  })

  it('keeps what was typed while a save was on its way, over what the save has answered', () => {
    const sent = typed({ name: ' Linen shirt, straight ', brand: 'Weft' })
    const now = typed({ description: 'Typed meanwhile' }, sent)
    const saved = stateOf(2, { name: 'Linen shirt, straight', brand: 'Weft', slug: 'straight' })
    const form = afterSave(sent, now, savedForm(sent, saved))
    expect(form).toMatchObject({ name: 'Linen shirt, straight', slug: 'straight', description: 'Typed meanwhile' })
    expect(isChanged({ form, base: saved })).toBe(true)
    expect(isSameForm(afterSave(sent, sent, savedForm(sent, saved)), formOf(saved.product))).toBe(true)
  })

  it('keeps the rows of the page in their place, and a new variant that is typed into gets its id', () => {
    const [first] = formOf(SHIRT).variants
    if (!first) throw new Error('It has a variant')
    const fresh = { key: -2, sku: 'LS-M', price: '', values: { size: 'M' } }
    const sent = typed({ variants: [first, fresh] })
    const now = typed({ variants: [first, { ...fresh, sku: 'LS-MM' }] }, sent)
    const variants = [...SHIRT.variants, { id: 'v2', sku: 'LS-M', attributes: { size: 'M' }, price: null }]
    const saved = savedForm(sent, stateOf(2, { variants }))
    expect(saved.variants.map(({ key }) => key)).toEqual([first.key, -2])
    expect(afterSave(sent, now, saved).variants.at(1)).toMatchObject({ key: -2, id: 'v2', sku: 'LS-MM' })
  })
})
