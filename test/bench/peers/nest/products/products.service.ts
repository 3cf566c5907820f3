import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common'
import { DatabaseService } from '../database.service.ts'
import { type ListProductsDto, type SearchProductsDto } from './list-products.dto.ts'

interface ProductRow {
  id: string
  slug: string
  sku: string
  name: string
  description: string
  brand: string | null
  category_id: string | null
  category: string | null
  price: number
  compare_at_price: number | null
  currency: string
  stock: number
  weight_grams: number | null
  attributes: string
  images: string
  tags: string
  rating: number | null
  rating_count: number
  state: string
  created_at: number
  updated_at: number
  published_at: number | null
}

const SELECT = 'select p.*, c.slug as category from products p left join categories c on c.id = p.category_id'

@Injectable()
export class ProductsService {
  constructor(private readonly database: DatabaseService) {}

  find(id: string) {
    const row = this.database.get<ProductRow>(`${SELECT} where p.id = ? and p.state = 'published'`, id)
    if (!row) throw new NotFoundException('There is no such product')
    const variants = this.database.all<{ id: string; sku: string; attributes: string; price: number | null }>(
      'select id, sku, attributes, price from product_variants where product_id = ? order by position',
      id,
    )
    return {
      data: {
        ...toProduct(row),
        variants: variants.map((variant) => ({ ...variant, attributes: JSON.parse(variant.attributes) })),
      },
    }
  }

  /**
   * A page of a category by price, by keyset: what the fastest list does. The page begins where the last one ended, or at
   * the lowest price; asked for both, SQLite would go through all that lies between.
   */
  list({ category, minPrice = 0, maxPrice = Number.MAX_SAFE_INTEGER, cursor, limit }: ListProductsDto) {
    const from = cursor === undefined ? { price: minPrice, id: '' } : readCursor(cursor)
    const rows = this.database.all<ProductRow>(
      `${SELECT} where p.state = 'published' and p.category_id = (select id from categories where slug = ?)
         and p.price <= ? and (p.price, p.id) > (?, ?)
       order by p.price, p.id limit ?`,
      ...[category ?? '', maxPrice, from.price, from.id, limit + 1],
    )
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    const nextCursor = rows.length > limit && last ? writeCursor(last) : null
    return { data: shown.map(toProduct), meta: { limit, nextCursor } }
  }

  search({ q, minPrice = 0, limit }: SearchProductsDto) {
    const words = q.split(/\s+/).filter(Boolean)
    const match = words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' ')
    const rows = this.database.all<ProductRow>(
      `select p.*, c.slug as category from product_words w join products p on p.rowid = w.rowid
         left join categories c on c.id = p.category_id
       where product_words match ? and p.state = 'published' and p.price >= ? order by rank limit ?`,
      ...[match, minPrice, limit],
    )
    return { data: rows.map(toProduct), meta: { limit } }
  }
}

function toProduct(row: ProductRow) {
  return {
    id: row.id,
    slug: row.slug,
    sku: row.sku,
    name: row.name,
    description: row.description,
    brand: row.brand,
    categoryId: row.category_id,
    category: row.category,
    price: row.price,
    compareAtPrice: row.compare_at_price,
    currency: row.currency,
    stock: row.stock,
    inStock: row.stock > 0,
    weightGrams: row.weight_grams,
    attributes: JSON.parse(row.attributes),
    images: JSON.parse(row.images),
    tags: JSON.parse(row.tags),
    rating: row.rating === null ? null : row.rating / 100,
    ratingCount: row.rating_count,
    isActive: row.state === 'published',
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    publishedAt: row.published_at === null ? null : new Date(row.published_at).toISOString(),
  }
}

function writeCursor({ price, id }: ProductRow): string {
  return Buffer.from(JSON.stringify([price, id])).toString('base64url')
}

function readCursor(cursor: string): { price: number; id: string } {
  try {
    const [price, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (typeof price === 'number' && typeof id === 'string') return { price, id }
  } catch {
    // Told below.
  }
  throw new BadRequestException('The cursor is not one of ours')
}
