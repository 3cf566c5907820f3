import { describe, expect, it } from 'vitest'
import { httpsAddress, lineOfText, wholeNumber } from '../../src/platform/text.ts'

describe('a line of text', () => {
  const line = lineOfText({ min: 2, max: 5 })

  it.each([
    ['is as long as it may be', 'abcde', 'abcde'],
    ['has white space around it', ' ab ', 'ab'],
    ['has white space in it', 'a  b', 'a  b'],
    ['is of two emoji', '🧵🧵', '🧵🧵'],
    ['joins characters by ones that cannot be seen', 'a\u200db', 'a\u200db'],
  ])('that %s is taken', (_title, text, taken) => {
    expect(line.parse(text)).toBe(taken)
  })

  it.each([
    ['is empty', ''],
    ['is all white space', '    '],
    ['is one character with white space around it', ' a  '],
    ['is one emoji', '🧵'],
    ['is longer, be it by white space', 'abcd  '],
    ['has a control character', 'a\u0000b'],
    ['has a line break at its end', 'ab\n'],
    ['has half a character', 'a\ud800'],
  ])('that %s is refused', (_title, text) => {
    expect(line.safeParse(text).success).toBe(false)
  })

  it('of a single character is enough where one is asked for', () => {
    const one = lineOfText({ min: 1, max: 5 })
    expect([one.parse(' a'), one.safeParse('  ').success]).toEqual(['a', false])
  })
})

describe('an address by https', () => {
  it('is taken as it stands', () => {
    const address = 'https://images.test:8443/a%20b.jpg?x=1#top'
    expect(httpsAddress.parse(address)).toBe(address)
  })

  it.each([
    ' https://a.test',
    'HTTPS://a.test',
    'https:a.test',
    'https://',
    'http://a.test',
    'https://a.test/\u00e4',
    'https://[',
  ])('is not %j', (text) => {
    expect(httpsAddress.safeParse(text).success).toBe(false)
  })
})

describe('a whole number', () => {
  it('is up to fifteen digits', () => {
    expect(['0', '007', '999999999999999'].map((text) => wholeNumber.parse(text))).toEqual([0, 7, 999_999_999_999_999])
    for (const text of ['', '-1', '1.5', '1e3', ' 1', '0x10', '٣', '1'.repeat(16)]) {
      expect(wholeNumber.safeParse(text).success).toBe(false)
    }
  })
})
