import type { CreateProductBody, Product, ReplaceProductBody } from '../../../client/index.ts'
import { moneyText, readMoney } from '../../shop/money.ts'

/** A row that can be taken away; `key` is of the page alone. */
interface Row {
  key: number
}
export interface AttributeRow extends Row {
  name: string
  value: string
}
export interface ImageRow extends Row {
  url: string
  alt: string
}
export interface VariantRow extends Row {
  /** Of one that is stored. */
  id?: string
  sku: string
  price: string
  /** By what the variants differ in. */
  values: Record<string, string>
}

/** A product as it is typed. */
export interface ProductForm {
  name: string
  slug: string
  sku: string
  description: string
  brand: string
  /** Empty for none. */
  categoryId: string
  price: string
  compareAtPrice: string
  weightGrams: string
  stock: string
  tags: string
  attributes: AttributeRow[]
  images: ImageRow[]
  /** Names with commas between them. */
  differences: string
  variants: VariantRow[]
}

/** By the field as the API names it: `variants.0.sku`. */
export type FieldProblems = Record<string, string>

let lastKey = 0
export const nextKey = (): number => ++lastKey

export const EMPTY_FORM: ProductForm = {
  ...{ name: '', slug: '', sku: '', description: '', brand: '', categoryId: '', price: '', compareAtPrice: '' },
  ...{ weightGrams: '', stock: '0', tags: '', attributes: [], images: [], differences: '', variants: [] },
}

export function formOf(product: Product): ProductForm {
  const { name, slug, sku, description, currency, variants } = product
  const names = [...new Set(variants.flatMap(({ attributes }) => Object.keys(attributes)))]
  return {
    ...{ name, slug, sku, description },
    brand: product.brand ?? '',
    categoryId: product.categoryId ?? '',
    price: moneyText(product.price, currency),
    compareAtPrice: product.compareAtPrice === null ? '' : moneyText(product.compareAtPrice, currency),
    weightGrams: product.weightGrams === null ? '' : String(product.weightGrams),
    stock: String(product.stock),
    tags: product.tags.join(', '),
    attributes: Object.entries(product.attributes).map(([name, value]) => ({ key: nextKey(), name, value })),
    images: product.images.map(({ url, alt }) => ({ key: nextKey(), url, alt })),
    differences: names.join(', '),
    variants: variants.map(({ id, sku, attributes, price }) => ({
      ...{ key: nextKey(), id, sku, values: { ...attributes } },
      price: price === null ? '' : moneyText(price, currency),
    })),
  }
}

/** Whether two fields say the same, whatever their rows are called on the page. */
export function isSame<F extends ProductForm | ProductForm[keyof ProductForm]>(one: F, other: F): boolean {
  const plain = (field: F) => JSON.stringify(field, (name, value) => (name === 'key' ? undefined : value))
  return plain(one) === plain(other)
}

export const isSameForm = (one: ProductForm, other: ProductForm): boolean => isSame(one, other)

export const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

/** What a name becomes in an address: the server proposes the same, and a number where it is taken. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 100)
    .replaceAll(/^-+|-+$/g, '')
}

interface Written {
  body: ReplaceProductBody
  stock: number
  /** What cannot be sent as it is typed; everything else is for the server to say. */
  problems: FieldProblems
}

export function writtenOf(form: ProductForm, currency: string): Written {
  const problems: FieldProblems = {}
  const say = (field: string, message: string): void => {
    problems[field] ??= message
  }
  const demanded = (field: 'name' | 'sku' | 'slug'): string => {
    const text = form[field].trim()
    if (text === '') say(field, 'This is needed')
    return text
  }
  const money = (field: string, text: string): number => {
    const minor = readMoney(text, currency)
    if (minor === null) say(field, text.trim() === '' ? 'This is needed' : 'Type a price, such as 24.90')
    return minor ?? 0
  }
  const whole = (field: string, text: string): number => {
    if (!/^\d{1,8}$/.test(text.trim())) say(field, 'Type a whole number')
    return Number(text.trim()) || 0
  }
  const orNull = <T>(text: string, read: (text: string) => T): T | null => (text.trim() === '' ? null : read(text))

  const differences = listOf(form.differences)
  const body: ReplaceProductBody = {
    ...{ name: demanded('name'), slug: demanded('slug'), sku: demanded('sku') },
    description: form.description.trim(),
    brand: orNull(form.brand, (text) => text.trim()),
    categoryId: orNull(form.categoryId, (id) => id),
    price: money('price', form.price),
    compareAtPrice: orNull(form.compareAtPrice, (text) => money('compareAtPrice', text)),
    weightGrams: orNull(form.weightGrams, (text) => whole('weightGrams', text)),
    currency,
    tags: listOf(form.tags),
    attributes: Object.fromEntries(
      form.attributes.map(({ name, value }, i) => {
        if (name.trim() === '' || value.trim() === '') say(`attributes.${i}`, 'Name and value are needed')
        if (form.attributes.findIndex((other) => other.name.trim() === name.trim()) < i) {
          say(`attributes.${i}`, 'There is one of this name already')
        }
        return [name.trim(), value.trim()]
      }),
    ),
    images: form.images.map(({ url, alt }, i) => {
      if (!isPictureUrl(url)) say(`images.${i}.url`, 'Type an address that begins with https://')
      return { url: url.trim(), alt: alt.trim() }
    }),
    variants: form.variants.map(({ id, sku, price, values }, i) => {
      if (sku.trim() === '') say(`variants.${i}.sku`, 'This is needed')
      // One may have no size where another has no colour. That no two are alike is for the server to say.
      const said = differences.map((name) => [name, (values[name] ?? '').trim()]).filter(([, value]) => value !== '')
      const attributes = Object.fromEntries(said)
      const own = orNull(price, (text) => money(`variants.${i}.price`, text))
      return { ...(id ? { id } : {}), sku: sku.trim(), attributes, price: own }
    }),
  }
  if (form.variants.length > 1 && differences.length === 0) say('differences', 'Say what the variants differ in')
  return { body, stock: whole('stock', form.stock), problems }
}

/** The same for one that is to be made: it has its stock with it, and its currency is for the server to say. */
export function newBodyOf({ body: { currency: _, ...body }, stock }: Written): CreateProductBody {
  return { ...body, stock }
}

export function isPictureUrl(text: string): boolean {
  return /^https:\/\/\S+$/.test(text.trim()) && URL.canParse(text.trim())
}

const FIELD_NAMES = {
  ...{ name: 'name', slug: 'address', sku: 'SKU', description: 'description', brand: 'brand', categoryId: 'category' },
  ...{ price: 'price', compareAtPrice: 'price before', weightGrams: 'weight', stock: 'stock', state: 'state' },
  ...{ tags: 'tags', attributes: 'details', images: 'pictures', variants: 'variants' },
} as const

/** What differs between two states of one product, as a person calls it. */
export function differencesOf(before: Product, after: Product): string[] {
  const fields = Object.keys(FIELD_NAMES) as (keyof typeof FIELD_NAMES)[]
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => FIELD_NAMES[field])
}

/** The server names an attribute by its name, and the page by its place. */
export function fieldProblemsOf(fields: readonly { field: string; message: string }[], form: ProductForm) {
  const problems: FieldProblems = {}
  for (const { field, message } of fields) {
    const name = /^attributes\.(.+)$/.exec(field)?.[1]
    const at = form.attributes.findIndex((row) => row.name.trim() === name)
    const place = at === -1 ? field.replace(/^tags\.\d+$/, 'tags') : `attributes.${at}`
    problems[place] ??= message
  }
  return problems
}

const PLAIN = /^(?:name|slug|sku|brand|categoryId|description|tags|price|compareAtPrice|stock|weightGrams|differences)$/
const IN_ROWS = /^(?:attributes\.\d+|images\.\d+\.(?:url|alt)|variants\.\d+\.(?:sku|price|attributes.*))$/

/** What is wrong in words, where no field of the page can say it. */
export function withoutField(problems: FieldProblems): string[] {
  return Object.entries(problems).flatMap(([field, message]) =>
    PLAIN.test(field) || IN_ROWS.test(field) ? [] : [`${field}: ${message}`],
  )
}
