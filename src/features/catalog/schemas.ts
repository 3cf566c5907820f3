import * as z from 'zod'

/** What somebody may ask a state of a product by; everybody else sees published ones only. */
export const ProductState = z.enum(['draft', 'published', 'archived']).meta({ id: 'ProductState' })
export type ProductState = z.output<typeof ProductState>

/** Name to value: `{ material: 'linen' }`. */
const ProductAttributes = z.record(z.string(), z.string()).meta({ id: 'ProductAttributes' })

const ProductImage = z.object({ url: z.string(), alt: z.string() }).meta({ id: 'ProductImage' })

export const ProductVariant = z
  .object({
    id: z.uuid(),
    sku: z.string(),
    attributes: ProductAttributes,
    /** Minor units; null where it is the product's. */
    price: z.int().nullable(),
  })
  .meta({ id: 'ProductVariant' })
export type ProductVariant = z.output<typeof ProductVariant>

/** A product as lists show it. */
export const ProductItem = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    sku: z.string(),
    name: z.string(),
    description: z.string(),
    brand: z.string().nullable(),
    categoryId: z.uuid().nullable(),
    /** The slug of the category. */
    category: z.string().nullable(),
    /** Minor units of `currency`, as is `compareAtPrice`. */
    price: z.int(),
    compareAtPrice: z.int().nullable(),
    currency: z.string(),
    stock: z.int(),
    inStock: z.boolean(),
    weightGrams: z.int().nullable(),
    attributes: ProductAttributes,
    images: z.array(ProductImage),
    tags: z.array(z.string()),
    /** Stars, with two decimals; null while nobody has rated. */
    rating: z.number().nullable(),
    ratingCount: z.int(),
    isActive: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    publishedAt: z.iso.datetime().nullable(),
    /** For those who may change products. */
    state: ProductState.optional(),
    ownerId: z.uuid().optional(),
  })
  .meta({ id: 'ProductItem' })
export type ProductItem = z.output<typeof ProductItem>

export const Product = ProductItem.extend({ variants: z.array(ProductVariant) }).meta({ id: 'Product' })
export type Product = z.output<typeof Product>

/** Where `fields` names what is wanted, the rest is left out; the id always stands there. */
export const SparseProduct = Product.partial().required({ id: true }).meta({ id: 'SparseProduct' })
export type SparseProduct = z.output<typeof SparseProduct>

/** Pieces of a text that follow one another; some of them are what was searched for. */
export const Excerpt = z.array(z.object({ text: z.string(), isMatch: z.boolean() })).meta({ id: 'Excerpt' })
export type Excerpt = z.output<typeof Excerpt>

export const FoundProduct = ProductItem.extend({
  /** The higher the better; no measure between two searches. */
  relevance: z.number(),
  nameExcerpt: Excerpt,
  descriptionExcerpt: Excerpt,
}).meta({ id: 'FoundProduct' })
export type FoundProduct = z.output<typeof FoundProduct>

const FacetCount = z.object({ value: z.string(), count: z.int() }).meta({ id: 'FacetCount' })

/** How many of the products that the filters find have which value; the most frequent ones first. */
export const ProductFacets = z
  .object({
    categories: z.array(FacetCount.extend({ id: z.uuid(), name: z.string() }).meta({ id: 'CategoryCount' })),
    brands: z.array(FacetCount),
    tags: z.array(FacetCount),
    /** What all prices of the catalogue are in, also where it is empty (ISO 4217). */
    currency: z.string(),
    /** Minor units of `currency`; `to` is not part of the range, and null in the last one. */
    prices: z.array(z.object({ from: z.int(), to: z.int().nullable(), count: z.int() }).meta({ id: 'PriceCount' })),
    inStock: z.int(),
    outOfStock: z.int(),
    /** How many products were counted: the newest 1,000 where there are more. */
    counted: z.int(),
    countedAll: z.boolean(),
  })
  .meta({ id: 'ProductFacets' })
export type ProductFacets = z.output<typeof ProductFacets>
