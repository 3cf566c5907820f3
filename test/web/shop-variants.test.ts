import { describe, expect, it } from 'vitest'
import { attributesOf, priceSpan, variantWith } from '../../src/web/shop/variants.ts'

const variant = (sku: string, size: string, colour: string, price: number | null = null) => ({
  ...{ sku, price },
  attributes: { size, colour },
})
const VARIANTS = [variant('a', 'S', 'indigo'), variant('b', 'M', 'indigo', 5900), variant('c', 'M', 'ecru', 4900)]

describe('the forms of a product', () => {
  it('differ in attributes, each value once and in their order', () => {
    expect(attributesOf(VARIANTS)).toEqual([
      { name: 'size', values: ['S', 'M'] },
      { name: 'colour', values: ['indigo', 'ecru'] },
    ])
  })

  it('change as little as they can when one attribute is chosen', () => {
    expect(variantWith(VARIANTS, VARIANTS[0]?.attributes ?? {}, 'size', 'M')?.sku).toBe('b')
    expect(variantWith(VARIANTS, VARIANTS[0]?.attributes ?? {}, 'colour', 'ecru')?.sku).toBe('c')
    expect(variantWith(VARIANTS, {}, 'size', 'XL')).toBeUndefined()
  })

  it('cost what the product costs where they say nothing', () => {
    expect(priceSpan(5500, VARIANTS)).toEqual({ from: 4900, to: 5900 })
    expect(priceSpan(5500, [])).toEqual({ from: 5500, to: 5500 })
  })
})
