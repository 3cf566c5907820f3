import { expect, it } from 'vitest'
import { freeSlug, isReserved, slugsOf } from '../../src/features/catalog/domain/slug.ts'

it.each([
  ['Linen Shirt', 'linen-shirt'],
  ['  Été -- à la plage! ', 'ete-a-la-plage'],
  ['Tailor’s Straße 7', 'tailors-strasse-7'],
  ['亜麻布', 'product'],
  ['Search', 'product-search'],
  ['01930000-0000-7000-8000-000000000001', 'product-01930000-0000-7000-8000-000000000001'],
  ['x'.repeat(200), 'x'.repeat(100)],
])('the name %j is in a path %s', (name, slug) => {
  const slugs = slugsOf(name, 'product')
  expect(slugs[0]).toBe(slug)
  for (const one of slugs)
    expect([one, isReserved(one), /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(one)]).toEqual([one, false, true])
})

it('a slug that is taken gets a number, and a part of the id where nine are', () => {
  const slugs = slugsOf('Shirt', 'product')
  const id = '01930000-0000-7000-8000-00000000beef'
  expect(freeSlug(slugs, new Set(['shirt', 'shirt-2']), id)).toBe('shirt-3')
  expect(freeSlug(slugs, new Set(slugs), id)).toBe('shirt-00000000beef')
})
