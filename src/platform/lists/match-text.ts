/** A phrase of FTS5 that means its text and nothing else, whatever signs of the query language stand in it. */
export function phrase(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** All of them must match. Undefined where nothing is asked. */
export function allOf(terms: readonly string[]): string | undefined {
  return terms.length === 0 ? undefined : terms.join(' AND ')
}

/** One of them must match. */
export function anyOf(terms: readonly string[]): string {
  return terms.length === 1 ? terms.join('') : `(${terms.join(' OR ')})`
}

/** A word of letters and digits only, under which an index keeps any text: `b` and the bytes of the brand. */
export function hexTerm(kind: string, text: string): string {
  return `${kind}${new TextEncoder().encode(text).toHex()}`
}

const MAX_WORDS = 20

/**
 * The words of natural language, all of which must occur; the last one may be the beginning of a word, as its writer may
 * not have finished. Undefined where there is no word in it, and so nothing can be found.
 */
export function wordsOf(text: string): string | undefined {
  const words = text
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MAX_WORDS)
  return allOf(words.map((word, i) => (i === words.length - 1 ? `${phrase(word)} *` : phrase(word))))
}
