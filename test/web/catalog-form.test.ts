import { describe, expect, it } from 'vitest'
import { ApiError, type Product } from '../../src/client/index.ts'
import { changesOf, runBulk } from '../../src/web/admin/catalog/bulk.ts'
import {
  differencesOf,
  fieldProblemsOf,
  formOf,
  isSameForm,
  newBodyOf,
  slugOf,
  withoutField,
  writtenOf,
} from '../../src/web/admin/catalog/product-form.ts'

const PRODUCT: Product = {
  ...{ id: 'p', slug: 'linen-shirt', sku: 'LS', name: 'Linen shirt', description: 'Plain', brand: null },
  ...{ categoryId: null, category: null, price: 8_900, compareAtPrice: 10_900, currency: 'EUR', stock: 3 },
  ...{ inStock: true, weightGrams: 310, attributes: { material: 'Linen' }, tags: ['summer', 'linen'] },
  images: [{ url: 'https://pictures.test/a.png', alt: 'Front' }],
  ...{ rating: null, ratingCount: 0, isActive: true, publishedAt: null },
  ...{ createdAt: '2026-02-03T09:00:00.000Z', updatedAt: '2026-02-03T09:00:00.000Z' },
  variants: [
    { id: 'v1', sku: 'LS-S', attributes: { size: 'S', colour: 'ecru' }, price: null },
    { id: 'v2', sku: 'LS-M', attributes: { size: 'M', colour: 'ecru' }, price: 9_400 },
  ],
}

describe('the form of a product', () => {
  it('writes what it has read, where nothing was typed', () => {
    const { body, stock, problems } = writtenOf(formOf(PRODUCT), 'EUR')
    expect(problems).toEqual({})
    expect({ ...PRODUCT, ...body, stock }).toEqual(PRODUCT)
  })

  it('writes variants that have different attributes, and one alone that has none', () => {
    const size = { id: 'v1', sku: 'LS-S', attributes: { size: 'S' }, price: null }
    const colour = { id: 'v2', sku: 'LS-E', attributes: { colour: 'ecru' }, price: null }
    const plain = { id: 'v1', sku: 'LS-1', attributes: {}, price: null }
    for (const variants of [[size, colour], [plain]]) {
      const { body, problems } = writtenOf(formOf({ ...PRODUCT, variants }), 'EUR')
      expect([problems, body.variants]).toEqual([{}, variants])
    }
  })

  it('leaves the currency of a new one to the server', () => {
    const body = newBodyOf(writtenOf(formOf(PRODUCT), 'EUR'))
    expect([body.sku, body.stock, 'currency' in body]).toEqual(['LS', 3, false])
  })

  it('is the same as another one that was read of the same product, whatever its rows are called', () => {
    expect(isSameForm(formOf(PRODUCT), formOf(PRODUCT))).toBe(true)
    expect(isSameForm(formOf(PRODUCT), { ...formOf(PRODUCT), brand: 'Weft' })).toBe(false)
  })

  it('says at each field what cannot be sent, by the name that the API has for it', () => {
    const form = formOf(PRODUCT)
    const [image] = form.images
    const [, variant] = form.variants
    const { problems } = writtenOf(
      {
        ...{ ...form, name: ' ', price: 'dear', compareAtPrice: '', weightGrams: '1.5' },
        images: image ? [{ ...image, url: 'http://pictures.test/a.png' }] : [],
        attributes: [...form.attributes, { key: -1, name: 'material', value: 'Wool' }],
        variants: variant ? [{ ...variant, sku: '', values: { size: 'M' } }] : [],
      },
      'EUR',
    )
    expect(Object.keys(problems).sort()).toEqual([
      ...['attributes.1', 'images.0.url', 'name', 'price'],
      ...['variants.0.sku', 'weightGrams'],
    ])
  })

  it('shows what the server says of an attribute at the row that has it', () => {
    const fields = [
      { field: 'attributes.material', message: 'Too long' },
      { field: 'sku', message: 'Another product has it' },
    ]
    expect(fieldProblemsOf(fields, formOf(PRODUCT))).toEqual({
      'attributes.0': 'Too long',
      sku: 'Another product has it',
    })
  })

  it('has words for what no field of the page can say', () => {
    const fields = [
      { field: 'tags.3', message: 'Use no comma' },
      { field: 'variants', message: 'Too many' },
    ]
    const problems = fieldProblemsOf(fields, formOf(PRODUCT))
    expect([problems.tags, withoutField(problems)]).toEqual(['Use no comma', ['variants: Too many']])
  })

  it('proposes an address from a name', () => {
    expect(slugOf('  Straße & Écru, 2 m  ')).toBe('strasse-ecru-2-m')
    expect(slugOf('亜麻')).toBe('')
  })

  it('tells what somebody else has changed', () => {
    expect(differencesOf(PRODUCT, { ...PRODUCT, price: 1, tags: [], updatedAt: 'later' })).toEqual(['price', 'tags'])
  })
})

describe('several products at once', () => {
  const THINGS = ['a', 'b', 'c'].map((id) => ({ id, name: id.toUpperCase() }))
  const refuse = () => Promise.reject(new ApiError({ status: 409, code: 'CONFLICT', message: 'It is taken' }))

  it('get a category and tags, and each keeps what it has besides', () => {
    const nothing = { categoryId: undefined, addTags: [], dropTags: [] }
    expect(changesOf(PRODUCT, nothing)).toBe(null)
    expect(changesOf(PRODUCT, { ...nothing, addTags: ['sale', 'linen'], dropTags: ['summer', 'wool'] })).toEqual({
      tags: ['linen', 'sale'],
    })
    expect(changesOf(PRODUCT, { ...nothing, categoryId: 'c' })).toEqual({ categoryId: 'c' })
    expect(changesOf({ ...PRODUCT, categoryId: 'c' }, { ...nothing, categoryId: null })).toEqual({ categoryId: null })
    expect(changesOf(PRODUCT, { categoryId: null, addTags: ['linen'], dropTags: ['wool'] })).toBe(null)
  })

  it('have an outcome each, and what fails of one leaves the others alone', async () => {
    const told: number[] = []
    const outcomes = await runBulk(THINGS, async (id) => (id === 'b' ? refuse() : undefined), {
      signal: new AbortController().signal,
      onOutcome: (so) => told.push(so.length),
    })
    expect(outcomes.map(({ name, problem }) => [name, problem])).toEqual([
      ...[
        ['A', null],
        ['B', 'It is taken.'],
        ['C', null],
      ],
    ])
    expect(told).toEqual([1, 2, 3])
  })

  it('stay as they are from where somebody has stopped it', async () => {
    const stop = new AbortController()
    const onOutcome = () => stop.abort()
    expect(await runBulk(THINGS, async () => undefined, { signal: stop.signal, onOutcome })).toHaveLength(1)
  })
})
