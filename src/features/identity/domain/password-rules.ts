import COMMON from './common-passwords.json'

/** As few characters as a password may have, and as must be left of it where a word that others try first is in it. */
export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 128
/** Shorter ones stand in too many other words. */
const SHORTEST_WORD = 3

const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b' },
  ...{ '@': 'a', $: 's', '!': 'i', '€': 'e', '|': 'l', '+': 't' },
}

let words: ReadonlySet<string> | undefined

function commonWords(): ReadonlySet<string> {
  words ??= new Set(COMMON.words.flatMap((line) => line.split(' ')))
  return words
}

/**
 * Whether a password is, but for what people put around it, one of those that are tried first: `Password1!` and
 * `p@ssw0rd-2024` are "password". What is long enough to be a password without the word is none of these.
 */
export function isCommonPassword(password: string): boolean {
  const size = [...password].length
  return readingsOf(password).some(({ word, covers }) => commonWords().has(word) && size - covers < PASSWORD_MIN)
}

/** A word as which a password may be read, and how many of its characters that takes. */
interface Reading {
  word: string
  covers: number
}

/** As it is, without its trimmings, with look-alikes as what they look like; what is said twice is said once. */
export function readingsOf(password: string): Reading[] {
  const plain = password.normalize('NFKC').toLowerCase()
  const core = trimmed(plain)
  const texts = [plain, core, disguised(core), trimmed(disguised(plain))]
  const others = [...texts.map(lettersAndDigits), ...withFewerDigits(lettersAndDigits(plain)), lettersOf(core)]
  return [...texts, ...others].flatMap((text) => {
    const covers = [...text].length
    return [...new Set([text, onceOf(text)])].map((word) => ({ word, covers }))
  })
}

/**
 * Whether a password is little else than words that say whose it is, or what it is for: names, an address, the name of
 * the service. At least as much as a password needs must be left without them.
 */
export function isMadeOf(password: string, own: readonly string[]): boolean {
  const parts = own.flatMap(partsOf).toSorted((a, b) => b.length - a.length)
  return [lettersAndDigits(password.toLowerCase()), lettersAndDigits(disguised(password.toLowerCase()))].some(
    (text) => {
      const rest = parts.reduce((left, part) => left.replaceAll(part, ''), text)
      return rest.length < text.length && [...rest].length < PASSWORD_MIN
    },
  )
}

/** `Maya Lindqvist` is two words; of an address counts what stands before the `@`, whole and in its parts. */
function partsOf(text: string): string[] {
  const name = text.toLowerCase().replace(/@.*/s, '')
  const parts = [lettersAndDigits(name), ...name.split(/[^\p{L}\p{Nd}]+/u)]
  return parts.filter((part) => [...part].length >= SHORTEST_WORD)
}

function disguised(text: string): string {
  return [...text].map((character) => LOOKALIKES[character] ?? character).join('')
}

/** Without the digits and symbols before and after what is said. */
function trimmed(text: string): string {
  return text.replaceAll(/^\P{L}+|\P{L}+$/gu, '')
}

/** Some of them belong to the word: `abc1231` is `abc123` and one more. */
function withFewerDigits(text: string): string[] {
  const shorter: string[] = []
  for (let rest = text; /\p{Nd}$/u.test(rest) && shorter.length < PASSWORD_MIN; ) {
    rest = rest.slice(0, -1)
    shorter.push(rest, rest.replace(/^\p{Nd}+/u, ''))
  }
  return shorter
}

function lettersAndDigits(text: string): string {
  return text.replaceAll(/[^\p{L}\p{Nd}]/gu, '')
}

function lettersOf(text: string): string {
  return text.replaceAll(/\P{L}/gu, '')
}

/** `dragondragon` is `dragon`. */
function onceOf(text: string): string {
  return /^(.{3,}?)\1+$/u.exec(text)?.[1] ?? text
}
