const MAX_LENGTH = 30

/** `Ann O’Neil` becomes `ann_oneil`: letters without accents, the rest dropped. At least 3 characters. */
export function usernameBase(firstName: string, lastName: string): string {
  const folded = `${firstName}_${lastName}`
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
    .replaceAll(/[^a-z0-9_]/g, '')
    .replaceAll(/_+/g, '_')
    .replace(/^_/, '')
    .slice(0, MAX_LENGTH - 6)
    .replace(/_$/, '')
  return folded.length >= 3 ? folded : `user_${folded}`.replace(/_$/, '')
}

const SUFFIX_CHARACTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const SUFFIX_LENGTH = 5

/** The base with a few characters by lot: nothing need be known of the others who have the same name. */
export function distinctUsername(base: string): string {
  const lots = crypto.getRandomValues(new Uint8Array(SUFFIX_LENGTH))
  const suffix = [...lots].map((lot) => SUFFIX_CHARACTERS[lot % SUFFIX_CHARACTERS.length]).join('')
  return `${base}_${suffix}`
}
