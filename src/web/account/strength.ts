import { BITS_OF_A_GUESS, chunksOf } from './guessing.ts'

export interface Rule {
  text: string
  test(password: string): boolean
}

/** The server's rules in the order in which people meet them; the server has the last word. */
export const PASSWORD_RULES: readonly Rule[] = [
  { text: '8 characters or more', test: (password) => password.length >= 8 && password.length <= 128 },
  { text: 'A lower-case letter', test: (password) => /\p{Ll}/u.test(password) },
  { text: 'An upper-case letter', test: (password) => /\p{Lu}/u.test(password) },
  { text: 'A digit', test: (password) => /\p{Nd}/u.test(password) },
  { text: 'A symbol', test: (password) => /[^\p{L}\p{Nd}\s]/u.test(password) },
]

export function meetsRules(password: string): boolean {
  return PASSWORD_RULES.every(({ test }) => test(password))
}

export type Level = 0 | 1 | 2 | 3 | 4

export interface Strength {
  /** 0 is nothing typed; from 1, easily guessed, to 4. */
  level: Level
  word: string
  /** What would help most, or null where there is nothing to say. */
  tip: string | null
}

/** From so many bits on a password earns the level: a guess costs us some hundredth of a second, and a thief no less. */
const ENOUGH_BITS: readonly [level: Level, bits: number][] = [
  [4, 50],
  [3, 38],
  [2, 28],
]
const WORDS = ['', 'Weak', 'Fair', 'Good', 'Strong'] as const

/**
 * How hard the password is to guess for somebody who guesses well: not how many characters it has, but out of how many
 * parts it is made, and how many tries each part takes (`guessing.ts`). It is an estimate with the caution on the safe
 * side: it knows some thirty favourite passwords, keyboard rows, counting, years, repetition and what the person has
 * said of themselves; any other pronounceable word is counted as one of a large dictionary. It cannot know that a
 * password was used elsewhere and stolen there. A password that misses a rule is weak, whatever else it is.
 * @param own what the person has typed about themselves: names, e-mail address, username
 */
export function judgePassword(password: string, own: readonly string[] = []): Strength {
  if (password === '') return { level: 0, word: WORDS[0], tip: null }
  const chunks = chunksOf(password, own)
  const bits = chunks.reduce((sum, { kind, size }) => sum + BITS_OF_A_GUESS[kind](size), 0)
  const isComplete = meetsRules(password)
  const level = isComplete ? (ENOUGH_BITS.find(([, enough]) => bits >= enough)?.[0] ?? 1) : 1
  const tip = tipFor(isComplete && level < 3, new Set(chunks.map(({ kind }) => kind)))
  return { level, word: WORDS[level], tip }
}

/** The rules say themselves what is missing, and what is good enough needs no help; one's own name is always told. */
function tipFor(needsHelp: boolean, kinds: ReadonlySet<string>): string | null {
  if (kinds.has('own')) return 'It holds your name or address, which is tried first.'
  if (!needsHelp) return null
  if (kinds.has('favourite')) return 'It holds a word that very many passwords hold.'
  if (kinds.has('run')) return 'Rows of keys and counting up are tried first.'
  if (kinds.has('again')) return 'Repeating a part makes it longer, not stronger.'
  return 'One more word that has nothing to do with the others makes it much stronger.'
}
