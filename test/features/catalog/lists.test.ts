import { beforeAll, describe, expect, it } from 'vitest'
import type { ProductItem } from '../../../src/features/catalog/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { makeCategory, makeProducts, type ProductRow } from '../../support/products.ts'

const api = createApi()
let rows: ProductRow[] = []
let admin = api.as({ accessToken: '' })

beforeAll(async () => {
  const [shoes, shirts] = [await makeCategory('Shoes'), await makeCategory('Shirts')]
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  rows = await makeProducts([
    { name: 'Alpine Boot', categoryId: shoes.id, brand: 'Acme', price: 9_900, stock: 3, tags: ['winter', 'leather'] },
    { name: 'beach sandal', categoryId: shoes.id, brand: 'Bolt', price: 1_500, stock: 0, tags: ['summer'] },
    {
      name: 'City Shirt',
      categoryId: shirts.id,
      brand: 'Acme',
      price: 2_500,
      stock: 12,
      description: 'A 100%_cotton shirt',
    },
    { name: 'Dune Shirt', categoryId: shirts.id, brand: 'O"Neil', price: 2_500, stock: 1, tags: ['summer', 'linen'] },
    { name: 'Every Day Bag', brand: null, price: 0, stock: 7, sku: 'BAG-77', tags: ['leather'] },
    { name: 'Hidden draft', state: 'draft', price: 100 },
    { name: 'Gone', state: 'archived', price: 100 },
  ])
})

async function names(query: string, by = api.as({ accessToken: '' })): Promise<string[]> {
  const answer = await (query.includes('state=') ? by : api).get<ProductItem[]>(`/v1/products?${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body.data.map(({ name }) => name)
}

const [BOOT, SANDAL, CITY, DUNE, BAG] = ['Alpine Boot', 'beach sandal', 'City Shirt', 'Dune Shirt', 'Every Day Bag']

describe('a list of products', () => {
  it.each([
    ['', [BAG, DUNE, CITY, SANDAL, BOOT]],
    ['category=shoes', [SANDAL, BOOT]],
    ['category=none', []],
    ['category=', [BAG, DUNE, CITY, SANDAL, BOOT]],
    ['brand=Acme', [CITY, BOOT]],
    ['brand=acme', []],
    [`brand=${encodeURIComponent('O"Neil')}`, [DUNE]],
    ['category=shirts&brand=Acme', [CITY]],
    ['minPrice=1500&maxPrice=2500', [DUNE, CITY, SANDAL]],
    ['maxPrice=0', [BAG]],
    ['minPrice=0', [BAG, DUNE, CITY, SANDAL, BOOT]],
    ['price[gt]=1500&price[lte]=9900', [DUNE, CITY, BOOT]],
    ['price%5Bgte%5D=2500&price%5Blt%5D=9900', [DUNE, CITY]],
    ['price[eq]=2500', [DUNE, CITY]],
    ['price[ne]=2500', [BAG, SANDAL, BOOT]],
    ['price[gt]=5&price[lt]=5', []],
    ['stock[gt]=3', [BAG, CITY]],
    ['stock[gte]=3', [BAG, CITY, BOOT]],
    ['inStock=true', [BAG, DUNE, CITY, BOOT]],
    ['inStock=0', [SANDAL]],
    ['inStockOnly=1', [BAG, DUNE, CITY, BOOT]],
    ['inStockOnly=false', [BAG, DUNE, CITY, SANDAL, BOOT]],
    ['tags=summer', [DUNE, SANDAL]],
    ['tags=linen,winter', [DUNE, BOOT]],
    ['tags=linen&tags=winter', [DUNE, BOOT]],
    ['tags=summer&inStock=true&maxPrice=2500', [DUNE]],
    ['search=SHIRT', [DUNE, CITY]],
    ['q=bag-7', [BAG]],
    ['q=%25_cotton', [CITY]],
    ['q=%25%25%25', []],
    ['search=leather', [BAG, BOOT]],
    ['search=shirt&brand=Acme', [CITY]],
    ['search=shirt&minPrice=2500&tags=summer', [DUNE]],
    ['search=da', [BAG]],
    ['search=sh&category=shirts', [DUNE, CITY]],
    ['sortBy=price&order=asc', [BAG, SANDAL, CITY, DUNE, BOOT]],
    ['sortBy=price', [BOOT, DUNE, CITY, SANDAL, BAG]],
    ['sortBy=name&order=ASC', [BOOT, SANDAL, CITY, DUNE, BAG]],
    ['sortBy=stock&order=Desc', [CITY, BAG, BOOT, DUNE, SANDAL]],
    ['sortBy=createdAt&order=asc', [BOOT, SANDAL, CITY, DUNE, BAG]],
    ['sort=-price,+name', [BOOT, CITY, DUNE, SANDAL, BAG]],
    ['sort=-price,%2Bname', [BOOT, CITY, DUNE, SANDAL, BAG]],
    ['sort=price,-createdAt', [BAG, SANDAL, DUNE, CITY, BOOT]],
    ['sort=-price,name&sortBy=stock&order=asc', [BOOT, CITY, DUNE, SANDAL, BAG]],
    ['tags=summer,leather&sortBy=price&order=asc', [BAG, SANDAL, DUNE, BOOT]],
  ])('asked for ?%s shows what that says (R6.2, R6.7, R6.10)', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })
})
