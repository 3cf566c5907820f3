import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { httpsAddress, lineOfText, STORED_CHARACTERS } from '../../platform/text.ts'

/** In minor units; nothing of the catalogue costs more, by whichever way. */
export const MAX_PRICE = 999_999_999
const MAX_STOCK = 9_999_999
const MAX_ATTRIBUTES = 20
/** As many as one request makes or takes away. */
export const MOST_AT_ONCE = 100

/** A part of a path: letters and digits without accents, and hyphens between them. */
export const Slug = z
  .string()
  .max(120)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Use small letters, digits, and hyphens between them')

const Sku = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'Use letters, digits, . _ / and -')

/** Minor units of the currency. */
const Price = z.int().min(0).max(MAX_PRICE)

const AttributeName = z
  .string()
  .max(50)
  .regex(/^[A-Za-z][A-Za-z0-9_ -]*$/, 'Use letters, digits, _ and -')

const Attributes = z.preprocess(refuseInherited, named())

/** A record passes over this one name, which objects have from elsewhere. */
function refuseInherited(value: unknown, c: z.core.$RefinementCtx): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
    c.addIssue({ code: 'custom', path: ['__proto__'], message: 'Unknown field' })
  }
  return value
}

function named() {
  return z
    .record(AttributeName, lineOfText({ min: 1, max: 200 }))
    .refine((attributes) => Object.keys(attributes).length <= MAX_ATTRIBUTES, `Use at most ${MAX_ATTRIBUTES}`)
    .meta({ maxProperties: MAX_ATTRIBUTES })
}

const Image = z.strictObject({
  url: httpsAddress,
  /** What there is to see, for those who do not. */
  alt: z
    .string()
    .max(200)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Use letters and usual punctuation')
    .default(''),
})

/** A list of tags is written with commas between them. */
const Tag = lineOfText({ min: 1, max: 50 }).regex(/^[^,]*$/, 'Use no comma')

const Variant = z
  .strictObject({
    /** Of one that is there already; without it, the one with this SKU stays the same one. */
    id: Id.optional(),
    sku: Sku,
    /** No two variants of a product have the same ones. */
    attributes: Attributes,
    /** Null where it is the product's. */
    price: Price.nullable().default(null),
  })
  .meta({ id: 'VariantBody' })

const name = lineOfText({ min: 1, max: 200 })
const description = z.string().max(5_000).regex(STORED_CHARACTERS, 'Use whole characters')
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'By ISO 4217. All prices of the catalogue are in one; another one is 422.' })
const images = z.array(Image).max(10)
const tags = z.array(Tag).max(20)
const variants = z.array(Variant).max(50)

/** May be null, which is also what they become where a PUT leaves them out. */
const nullable = {
  brand: lineOfText({ min: 1, max: 100 }).nullable().default(null),
  categoryId: Id.nullable().default(null),
  /** What it cost before: no less than it costs. */
  compareAtPrice: Price.nullable().default(null),
  weightGrams: z.int().min(0).max(10_000_000).nullable().default(null),
}

/** All of a product that is written by a PUT. Its stock and its state have routes of their own. */
export const ReplaceProductBody = z
  .strictObject({
    name,
    slug: Slug,
    sku: Sku,
    description,
    ...nullable,
    price: Price,
    currency,
    attributes: Attributes,
    images,
    tags,
    variants,
  })
  .meta({ id: 'ReplaceProductBody' })
export type ReplaceProductBody = z.output<typeof ReplaceProductBody>

export const CreateProductBody = z
  .strictObject({
    name,
    /** Made of the name where it is left out. */
    slug: Slug.optional(),
    sku: Sku,
    description: description.default(''),
    ...nullable,
    price: Price,
    currency: currency.optional(),
    attributes: Attributes.default({}),
    images: images.default([]),
    tags: tags.default([]),
    variants: variants.default([]),
    stock: z.int().min(0).max(MAX_STOCK).default(0),
  })
  .meta({ id: 'CreateProductBody' })
export type CreateProductBody = z.output<typeof CreateProductBody>

export const CreateProductsBody = z.array(CreateProductBody).min(1).max(MOST_AT_ONCE)

export const StockBody = z.strictObject({ stock: z.int().min(0).max(MAX_STOCK) }).meta({ id: 'StockBody' })

export const ProductId = z.object({ id: Id })

/** Its id, or its slug. */
export const ProductIdOrSlug = z.object({
  // An id is the same one in capitals; a slug has none.
  id: z
    .preprocess((said) => Id.safeParse(said).data ?? said, Slug)
    .meta({ description: 'The id of a product, or its slug' }),
})

const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}'
const separatedIds = z
  .string()
  .max(4_000)
  .regex(
    new RegExp(`^ *${UUID} *(?:, *${UUID} *){0,${MOST_AT_ONCE - 1}}$`),
    `Name 1 to ${MOST_AT_ONCE} ids, with commas between them`,
  )
  .transform((text) => [...new Set(text.split(',').map((id) => id.trim().toLowerCase()))])
  .meta({ description: 'Ids, with commas between them' })
export const ProductIds = z.object({ ids: separatedIds })

/** What is told of each product that was made at once with others. */
export const CreatedProduct = z
  .object({ id: z.uuid(), slug: z.string(), sku: z.string(), name: z.string() })
  .meta({ id: 'CreatedProduct' })
export type CreatedProduct = z.output<typeof CreatedProduct>
