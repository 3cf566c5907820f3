/** What stands in the place of a slug in paths of our own. */
const RESERVED: ReadonlySet<string> = new Set(['search', 'facets', 'bulk', 'process'])
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const MAX_LENGTH = 100
/** `linen-shirt-2` to `linen-shirt-9`. */
const LAST_NUMBER = 9

/** Whether a slug would be taken for something else where it stands in a path. */
export function isReserved(slug: string): boolean {
  return RESERVED.has(slug) || UUID.test(slug)
}

/**
 * What a name may become in a path, best first: without accents, and with a number where that is taken. `fallback`
 * stands for a name without a letter of ours.
 */
export function slugsOf(name: string, fallback: string): [string, ...string[]] {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/['’]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replaceAll(/^-+|-+$/g, '')
  const base = plain === '' || isReserved(plain) ? (plain === '' ? fallback : `${fallback}-${plain}`) : plain
  return [base, ...Array.from({ length: LAST_NUMBER - 1 }, (_, i) => `${base}-${i + 2}`)]
}

/** The first that is free; with a part of the id, which nobody else has, where none is. */
export function freeSlug(slugs: readonly [string, ...string[]], taken: ReadonlySet<string>, id: string): string {
  return slugs.find((slug) => !taken.has(slug)) ?? `${slugs[0]}-${id.slice(-12)}`
}
