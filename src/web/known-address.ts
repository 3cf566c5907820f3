import ADDRESSES from './addresses.json'

export function isKnownAddress(path: string): boolean {
  return Object.values(ADDRESSES).includes(path) || productOf(path) !== null
}

/** The list of products, and the page of each: open to everybody. */
export const isShop = (path: string): boolean => path === ADDRESSES.shop || productOf(path) !== null

/** The slug of the product whose page stands at this address; null where it is no such page. */
export function productOf(path: string): string | null {
  const slug = path.startsWith(`${ADDRESSES.shop}/`) ? path.slice(ADDRESSES.shop.length + 1) : ''
  return /^[a-z0-9-]{1,200}$/.test(slug) ? slug : null
}
