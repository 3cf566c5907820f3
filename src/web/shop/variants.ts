import type { ProductVariant } from '../../client/index.ts'

type Variant = Pick<ProductVariant, 'sku' | 'attributes' | 'price'>
type Attributes = Readonly<Record<string, string>>

/** What the forms of a product differ in, each with its values, in the order in which they come. */
export function attributesOf(variants: readonly Variant[]): { name: string; values: string[] }[] {
  const names = [...new Set(variants.flatMap(({ attributes }) => Object.keys(attributes)))]
  return names.map((name) => ({
    name,
    values: [...new Set(variants.flatMap(({ attributes }) => attributes[name] ?? []))],
  }))
}

/**
 * The form that has this value and keeps most of what was chosen before: so there always is one, and what else it changes
 * can be seen.
 */
export function variantWith<V extends Variant>(
  variants: readonly V[],
  chosen: Attributes,
  name: string,
  value: string,
) {
  const fitting = variants.filter(({ attributes }) => attributes[name] === value)
  const likeness = ({ attributes }: V) =>
    Object.entries(chosen).filter(([other, wanted]) => attributes[other] === wanted).length
  return fitting.reduce<V | undefined>((best, one) => (best && likeness(best) >= likeness(one) ? best : one), undefined)
}

/** The lowest and the highest price of all forms, in minor units. */
export function priceSpan(price: number, variants: readonly Variant[]): { from: number; to: number } {
  const prices = variants.length === 0 ? [price] : variants.map((variant) => variant.price ?? price)
  return { from: Math.min(...prices), to: Math.max(...prices) }
}
