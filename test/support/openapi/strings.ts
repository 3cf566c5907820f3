import fc from 'fast-check'

/** What a schema says of a text, all of its `allOf` together. */
export interface TextRules {
  minLength: number
  maxLength: number
  patterns: RegExp[]
  format: string | undefined
}

/** Longer texts are made only where a schema demands them, and once in a while at its limit. */
const USUAL_LENGTH = 40
const MAX_LENGTH = 20_000
/** So many plain texts are tried to see whether a pattern needs any help. */
const SAMPLE = 50
const MIN_YEAR = new Date('0001-01-01T00:00:00.000Z')
const MAX_YEAR = new Date('9999-12-31T23:59:59.999Z')

/** Texts that keep the rules. Some are as long or as short as these allow. */
export function texts(rules: TextRules): fc.Arbitrary<string> {
  const candidates = candidatesOf(rules)
  return untilKept(candidates, (text) => keeps(rules, text), `a text of ${rules.patterns.join(' and ')}`)
}

/**
 * JSON Schema counts code points, and zod counts UTF-16 units: texts are made where both agree, so that a
 * schema may use either.
 */
function keeps({ minLength, maxLength, patterns }: TextRules, text: string): boolean {
  const characters = [...text].length
  return characters >= minLength && text.length <= maxLength && patterns.every((pattern) => pattern.test(text))
}

function candidatesOf(rules: TextRules): fc.Arbitrary<string> {
  const { format, patterns, minLength, maxLength } = rules
  const formatted = format === undefined ? undefined : FORMATS[format]
  if (formatted) return formatted
  const plain = plainTexts(minLength, maxLength)
  const luck = fc.sample(plain, { numRuns: SAMPLE, seed: 1 }).filter((text) => keeps(rules, text)).length
  if (luck >= SAMPLE / 10) return plain
  const bounds = { minLength: Math.min(minLength, 200), maxLength: Math.min(maxLength, USUAL_LENGTH) }
  const anchored = patterns.filter(({ source }) => source.startsWith('^') && source.endsWith('$'))
  const loose = patterns.filter((pattern) => !anchored.includes(pattern))
  // A text that holds a piece for each pattern matches all that may match anywhere.
  const pieces = fc
    .tuple(fc.string(bounds), ...loose.map((pattern) => matching(pattern)))
    .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length }))
    .map((parts) => parts.join('').slice(0, maxLength))
  return fc.oneof(
    ...anchored.map((pattern) => ({ weight: 2, arbitrary: matching(pattern) })),
    ...(loose.length > 0 ? [{ weight: 4, arbitrary: pieces }] : []),
    ...(anchored.length === patterns.length || patterns.length === 1 ? [{ weight: 1, arbitrary: plain }] : []),
  )
}

const read = new Map<string, fc.Arbitrary<string>>()

/** fast-check takes long to read a pattern, and does not read every one: for the rest plain texts are tried. */
function matching(pattern: RegExp): fc.Arbitrary<string> {
  const known = read.get(pattern.source)
  if (known) return known
  let made = fc.string({ unit: 'grapheme', maxLength: USUAL_LENGTH })
  try {
    made = fc.stringMatching(pattern, { size: 'small' })
    fc.sample(made, { numRuns: 1, seed: 1 })
  } catch {
    // Plain texts it is.
  }
  read.set(pattern.source, made)
  return made
}

function plainTexts(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const usual = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, USUAL_LENGTH)) }
  // Lengths come often from the ends of their range, and become shorter where a failure is made smaller.
  const lengths = fc.integer({ min: minLength, max: Math.max(minLength, Math.min(maxLength, MAX_LENGTH)) })
  return fc.oneof(
    { weight: 6, arbitrary: fc.string(usual) },
    { weight: 2, arbitrary: fc.string({ ...usual, unit: 'grapheme' }) },
    { weight: 2, arbitrary: fc.string({ ...usual, unit: 'binary' }) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('x', '~'), lengths).map(([one, length]) => one.repeat(length)) },
  )
}

const word = fc.stringMatching(/^[a-z0-9]{1,12}$/)

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  email: fc.oneof(
    fc.tuple(word, word, fc.constantFrom('test', 'example', 'co')).map(([name, host, end]) => `${name}@${host}.${end}`),
    fc.emailAddress(),
  ),
  'date-time': fc.date({ min: MIN_YEAR, max: MAX_YEAR, noInvalidDate: true }).map((date) => date.toISOString()),
  date: fc.date({ min: MIN_YEAR, max: MAX_YEAR, noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  time: fc.date({ min: MIN_YEAR, max: MAX_YEAR, noInvalidDate: true }).map((date) => date.toISOString().slice(11)),
  uri: fc.webUrl(),
  url: fc.webUrl(),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
}

const MAX_MISSES = 5_000

/** A filter that gives up with a sentence, where fast-check's own would try for ever. */
export function untilKept<T>(arbitrary: fc.Arbitrary<T>, keep: (value: T) => boolean, what: string): fc.Arbitrary<T> {
  let misses = 0
  return arbitrary.filter((value) => {
    const isKept = keep(value)
    misses = isKept ? 0 : misses + 1
    if (misses > MAX_MISSES) throw new Error(`No luck in making ${what}: give its schema \`examples\``)
    return isKept
  })
}
