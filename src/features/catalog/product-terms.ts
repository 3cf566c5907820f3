import { type Range, rangesOf } from '../../platform/lists/bounds.ts'
import type { Condition, ListQuery } from '../../platform/lists/list-query.ts'
import { allOf, anyOf, hexTerm, phrase, wordsOf } from '../../platform/lists/match-text.ts'
import { rangeTerms } from '../../platform/lists/range-terms.ts'
import { MAX_WHOLE_NUMBER } from '../../platform/text.ts'

/** What a price may be, in minor units. */
const PRICES: Range = { min: 0, max: MAX_WHOLE_NUMBER }
/** From so many characters on a text is looked for anywhere; a shorter one at the beginning of words. */
const PART_LENGTH = 3

/** The fields of which `product_facets` knows every value. */
export const FACET_FIELDS = ['state', 'category', 'brand', 'inStock', 'tags', 'price']
/** The same for the other two, which know no prices. */
export const TEXT_FIELDS = FACET_FIELDS.filter((field) => field !== 'price')

/** What `product_facets` is asked (see the migration `find_products`); null where the conditions exclude one another. */
export function facetMatch({ conditions }: ListQuery): string | undefined | null {
  const prices = pricesOf(conditions)
  if (prices === null) return null
  return allOf([...conditions.flatMap(termsOf), ...prices])
}

/** Whether a text is long enough to be looked for anywhere in what stands in a product. */
export function isPart({ search = '' }: ListQuery): boolean {
  return [...search].length >= PART_LENGTH
}

/** What `product_parts` is asked: names, descriptions and SKUs that contain the text, and products with it as a tag. */
export function partMatch({ conditions, search = '' }: ListQuery): string | undefined | null {
  if (pricesOf(conditions) === null) return null
  const found = anyOf([`{name description sku} : ${phrase(search)}`, mark(`${named('t', search)}⟦`)])
  return allOf([found, ...conditions.flatMap(marksOf)])
}

/** What `product_words` is asked: words that begin with the text, or natural language. */
export function wordMatch({ conditions, search = '' }: ListQuery): string | undefined | null {
  const words = wordsOf(search)
  if (words === undefined || pricesOf(conditions) === null) return null
  const facets = conditions.flatMap(termsOf).map((term) => `facets : ${term}`)
  return allOf([`{name description tags} : (${words})`, ...facets])
}

/** No words where any price will do. */
function pricesOf(conditions: readonly Condition[]): string[] | null {
  const own = conditions.filter(({ field }) => field === 'price')
  if (own.length === 0) return []
  const ranges = rangesOf(own, PRICES)
  return ranges.length === 0 ? null : [anyOf(ranges.flatMap(rangeTerms))]
}

function termsOf({ field, value }: Condition): string[] {
  if (field === 'state') return [`s${value}`]
  if (field === 'inStock') return [value === true ? 'i1' : 'i0']
  if (field === 'category') return [hexTerm('c', String(value))]
  if (field === 'brand') return [hexTerm('b', String(value))]
  if (field === 'tags' && typeof value === 'object') return [anyOf(value.map((tag) => hexTerm('t', tag)))]
  return []
}

const CATEGORY_TAIL = 12

function marksOf({ field, value }: Condition): string[] {
  if (field === 'state') return [mark(`⟦s${String(value).slice(0, 1)}`)]
  if (field === 'inStock') return [mark(value === true ? '⟦i1' : '⟦i0')]
  if (field === 'category') return [mark(`⟦c${String(value).slice(-CATEGORY_TAIL)}⟧`)]
  if (field === 'brand') return [exactMark('b', String(value))]
  if (field === 'tags' && typeof value === 'object') return [anyOf(value.map((tag) => exactMark('t', tag)))]
  return []
}

function mark(text: string): string {
  return `marks : ${phrase(text)}`
}

/** The beginning of a mark, whatever the case of its value. No bracket of a value looks like one of a mark. */
function named(kind: string, value: string): string {
  return `⟦${kind}${value.replaceAll('⟦', '')}`
}

/** The mark of this value and no other: the index knows no cases, so the value's bytes stand behind it. */
function exactMark(kind: string, value: string): string {
  return mark(`${named(kind, value)}${hexTerm('⟦', value)}⟧`)
}
