/**
 * Takes a password apart as somebody would who guesses it: into what they try first. All of it is bounded by the 128
 * characters that a password may have.
 */
export type ChunkKind = 'own' | 'favourite' | 'run' | 'again' | 'year' | 'word' | 'letter' | 'digit' | 'symbol'

export interface Chunk {
  kind: ChunkKind
  /** In characters. */
  size: number
}

/** How many tries, as a power of two, a chunk of so many characters takes. */
export const BITS_OF_A_GUESS: Record<ChunkKind, (size: number) => number> = {
  own: () => 3,
  favourite: () => 5,
  /** Where it starts, which way it goes, how long it is. */
  run: (size) => 4 + Math.log2(size),
  again: (size) => Math.log2(size) + 1,
  year: () => 6,
  /** A word of a dictionary of some tens of thousands; long ones are rarer. Capitals are where one expects them. */
  word: (size) => 8 + 1.2 * size,
  letter: () => 4.7,
  digit: () => 3.3,
  symbol: () => 4.5,
}

const FAVOURITES = [
  ...['password', 'passwort', 'passwd', 'qwertz', 'welcome', 'willkommen', 'letmein', 'admin', 'login', 'master'],
  ...['monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'iloveyou', 'secret', 'shadow', 'superman'],
  ...['summer', 'winter', 'spring', 'autumn', 'hello', 'trustno', 'changeme', 'default', 'guest', 'selvage', 'pass'],
]

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop']
const TRACKS = ROWS.flatMap((row) => [row, [...row].reverse().join('')])

const LOOKALIKES: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

const SHORTEST_OWN = 3
const SHORTEST_RUN = 3
const SHORTEST_WORD = 3

/** The password's parts in order, the longest guess at each place first. */
export function chunksOf(password: string, own: readonly string[] = []): Chunk[] {
  const plain = [...password].map((character) => [...character.toLowerCase()][0] ?? character)
  const repeated = repetitionIn(plain)
  if (repeated) return [...chunksOf(repeated.block, own), { kind: 'again', size: repeated.times }]
  const disguised = plain.map((character) => LOOKALIKES[character] ?? character)
  const known: [ChunkKind, string[]][] = [
    ['own', ownParts(own)],
    ['favourite', FAVOURITES],
  ]
  const chunks: Chunk[] = []
  for (let at = 0; at < plain.length; at += chunks.at(-1)?.size ?? 1) {
    const candidates: Chunk[] = [
      ...known.map(([kind, words]) => ({ kind, size: longestAt([plain, disguised], at, words) })),
      { kind: 'run', size: runAt(plain, at) },
      { kind: 'again', size: sameAt(plain, at) },
      { kind: 'year', size: /^(19|20)\d\d/.test(plain.slice(at, at + 4).join('')) ? 4 : 0 },
      { kind: 'word', size: wordAt(plain, at, known) },
      { kind: singleKind(plain[at] ?? ''), size: 1 },
    ]
    const found = candidates.find(({ size }) => size > 0)
    if (found) chunks.push(found)
  }
  return chunks
}

/** `abcabc` is `abc` twice. */
function repetitionIn(characters: readonly string[]): { block: string; times: number } | null {
  for (let size = 2; size <= characters.length / 2; size += 1) {
    const isRepeated = characters.length % size === 0 && characters.every((one, i) => one === characters[i % size])
    if (isRepeated) return { block: characters.slice(0, size).join(''), times: characters.length / size }
  }
  return null
}

function ownParts(own: readonly string[]): string[] {
  const parts = own.flatMap((text) =>
    text
      .toLowerCase()
      .replace(/@.*/, '')
      .split(/[^\p{L}\p{Nd}]+/u),
  )
  return parts.filter((part) => part.length >= SHORTEST_OWN)
}

function longestAt(texts: readonly (readonly string[])[], at: number, words: readonly string[]): number {
  const sizes = words.map((word) => {
    const size = [...word].length
    return texts.some((text) => text.slice(at, at + size).join('') === word) ? size : 0
  })
  return Math.max(0, ...sizes)
}

/** How far the characters go on as on the keyboard or in the alphabet, forwards or backwards. */
function runAt(characters: readonly string[], at: number): number {
  let longest = 0
  for (const track of TRACKS) {
    const start = track.indexOf(characters[at] ?? ' ')
    let size = start < 0 ? 0 : 1
    while (size > 0 && start + size < track.length && track[start + size] === characters[at + size]) size += 1
    longest = Math.max(longest, size)
  }
  return longest >= SHORTEST_RUN ? longest : 0
}

/** How often the character is repeated; a separator that comes again counts too. */
function sameAt(characters: readonly string[], at: number): number {
  let size = 1
  while (characters[at + size] === characters[at]) size += 1
  if (size >= SHORTEST_RUN) return size
  const isOldSeparator = /[^\p{L}\p{Nd}]/u.test(characters[at] ?? '') && characters.indexOf(characters[at] ?? '') < at
  return isOldSeparator ? 1 : 0
}

/** Letters that can be spoken, up to where something known begins. Other alphabets are given no better credit. */
function wordAt(characters: readonly string[], at: number, known: readonly [ChunkKind, string[]][]): number {
  let size = 0
  while (/^\p{L}$/u.test(characters[at + size] ?? '')) {
    const isKnown = size > 0 && known.some(([, words]) => longestAt([characters], at + size, words) > 0)
    if (isKnown || (size > 0 && runAt(characters, at + size) > SHORTEST_RUN)) break
    size += 1
  }
  const letters = characters.slice(at, at + size).join('')
  const isSpoken = !/[bcdfghjklmnpqrstvwxz]{5}/.test(letters) && !/^[bcdfghjklmnpqrstvwxz]+$/.test(letters)
  return size >= SHORTEST_WORD && isSpoken ? size : 0
}

function singleKind(character: string): ChunkKind {
  if (/\p{L}/u.test(character)) return 'letter'
  return /\p{Nd}/u.test(character) ? 'digit' : 'symbol'
}
