const MAX_LENGTH = 30

/** `Ann O’Neil` becomes `ann_oneil`: letters without accents, the rest dropped. At least 3 characters. */
export function usernameBase(firstName: string, lastName: string): string {
  const folded = `${firstName}_${lastName}`
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replaceAll(/[^a-z0-9_]/g, '')
    .replaceAll(/_+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .slice(0, MAX_LENGTH - 6)
  return folded.length >= 3 ? folded : `user_${folded}`.replace(/_$/, '')
}

/** The base itself, or the base with the lowest number that is free. */
export function freeUsername(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base) && base !== 'user') return base
  for (let n = 2; ; n += 1) {
    const candidate = `${base}_${n}`
    if (!taken.has(candidate)) return candidate
  }
}

/** How names are compared when people are searched by their start. */
export function searchKey(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
