import * as z from 'zod'

/** Half a character is none. As a pattern it stands in the API's document, as every rule here does. */
export const WHOLE_CHARACTERS = /^\P{Cs}*$/u

/** The same without the one that ends a string in SQLite, where the rest would neither be indexed nor found. */
export const STORED_CHARACTERS = /^[^\0\p{Cs}]*$/u

/**
 * One line that a person has written: whole characters only, none that controls a terminal. `min` counts
 * without the white space around it, which is trimmed; `max` counts what is sent.
 */
export function lineOfText({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .max(max, `Use at most ${max} characters`)
    .regex(atLeast(min), `Use at least ${min} character${min === 1 ? '' : 's'}`)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Use letters and usual punctuation')
    .trim()
    .meta({ minLength: min })
}

/** At least so many characters, from the first that is no white space to the last. */
function atLeast(count: number): RegExp {
  return count === 1 ? /\S/u : new RegExp(`\\S[\\s\\S]{${count - 2},}\\S`, 'u')
}

/**
 * An address by https, as it stands (RFC 3986: ASCII only): zod's own takes it with white space around it, and with a
 * scheme in capitals, which the pattern in the document forbids.
 */
export const httpsAddress = z
  .string()
  .max(2_000)
  .regex(/^https:\/\/[!-~]+$/, 'Use an address that begins with https://')
  .refine((text) => URL.canParse(text), 'Use an address that begins with https://')
  .meta({ format: 'uri' })

/** Fifteen digits: JavaScript counts exactly up to here. */
export const MAX_WHOLE_NUMBER = 999_999_999_999_999

/** A whole number in a query: digits, and nothing else that JavaScript would also take for one. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'Use digits')
  .transform(Number)
  .pipe(z.int().min(0).max(MAX_WHOLE_NUMBER))

/** How names are compared where they are sorted, and searched by their start: without accents and cases. */
export function searchKey(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

/** `one, two`: as a list, without what is empty. */
export const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
