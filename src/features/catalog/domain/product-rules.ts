import type { FieldError } from '../../../platform/errors.ts'
import type { ReplaceProductBody } from '../write-schemas.ts'
import { isReserved } from './slug.ts'

type Ruled = Pick<ReplaceProductBody, 'price' | 'compareAtPrice' | 'variants' | 'sku'> & {
  slug?: string | undefined
  currency?: string | undefined
}

/** What no schema says of a product's fields: each fault by its field, none where all is well. */
export function faultsOf(product: Ruled, currency: string): FieldError[] {
  const { price, compareAtPrice, variants, slug } = product
  const faults: FieldError[] = []
  if (compareAtPrice !== null && compareAtPrice < price) {
    faults.push({ field: 'compareAtPrice', message: 'It cannot have cost less than it does' })
  }
  if (product.currency !== undefined && product.currency !== currency) {
    faults.push({ field: 'currency', message: `All prices are in ${currency}` })
  }
  if (slug !== undefined && isReserved(slug)) {
    faults.push({ field: 'slug', message: 'This means something else' })
  }
  const seen = { skus: new Set([product.sku]), attributes: new Set<string>() }
  for (const [i, { sku, attributes }] of variants.entries()) {
    const key = JSON.stringify(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    if (seen.skus.has(sku)) faults.push({ field: `variants.${i}.sku`, message: 'It stands here twice' })
    if (seen.attributes.has(key)) {
      faults.push({ field: `variants.${i}.attributes`, message: 'Another variant has the same ones' })
    }
    seen.skus.add(sku)
    seen.attributes.add(key)
  }
  return faults
}
