const COLOURS = ['red', 'green', 'blue', 'black', 'white', 'grey', 'ochre', 'teal', 'pink', 'amber']
const CLOTHS = ['linen', 'cotton', 'silk', 'wool', 'hemp', 'denim', 'velvet', 'tweed', 'felt', 'jersey']

/**
 * So many more products in one statement, a second apart: one in ten a draft, one in ten out of stock, in `categoryIds`
 * by turns, of forty brands, with two of some tags, at prices that all differ. `from` is how many there are already.
 */
export function productRows(count: number, categoryIds: readonly string[], from = 0) {
  const sql = `insert into products (id, owner_id, category_id, name, name_key, slug, sku, description, brand, price,
       currency, stock, tags, state, rating, rating_count, rating_sum, created_at, updated_at)
     with recursive n (i) as (select cast(?5 as integer) union all select i + 1 from n where i < ?5 + ?1 - 1),
       made (i, ms, name) as (
         select i, 1600000000000 + i * 1000,
           json_extract(?2, '$[' || (i % 10) || ']') || ' ' || json_extract(?3, '$[' || (i / 10 % 10) || ']') || ' ' || i
         from n)
     select printf('%08x-%04x-7000-8000-%012x', ms >> 16, ms & 65535, i), '00000000-0000-7000-8000-000000000000',
       json_extract(?4, '$[' || (i % json_array_length(?4)) || ']'), name, name, 'grown-' || i, 'GROWN-' || i,
       'Running cloth of ' || json_extract(?3, '$[' || (i / 7 % 10) || ']') || ', number ' || i,
       'brand ' || (i % 40), i * 7919 % 1000003, 'EUR', i % 10, json_array('tag' || (i % 30), 'about' || (i % 7)),
       case when i % 10 = 3 then 'draft' else 'published' end, 100 + i % 401, 1, 100 + i % 401, ms, ms
     from made`
  const values = [count, JSON.stringify(COLOURS), JSON.stringify(CLOTHS), JSON.stringify(categoryIds), from]
  return { sql, values }
}

/** The id that `productRows` gives to the product with this number. */
export function grownProductId(number: number): string {
  const ms = 1_600_000_000_000 + number * 1_000
  const [high, low] = [Math.floor(ms / 65_536), ms % 65_536]
  return `${hex(high, 8)}-${hex(low, 4)}-7000-8000-${hex(number, 12)}`
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
