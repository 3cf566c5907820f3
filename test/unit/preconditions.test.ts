import { describe, expect, it } from 'vitest'
import { entityTag, expectedBy, isKnown } from '../../src/http/conventions/preconditions.ts'
import { demandExpected } from '../../src/platform/expected.ts'

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('If-Match', () => {
  it.each([
    ['"7"', [7]],
    ['"7-admin"', [7]],
    ['"7", "9-v2"', [7, 9]],
    ['*', 'any'],
    [' * ', 'any'],
  ])('of %s expects %j (R33.6)', (header, expected) => {
    expect(expectedBy(header)).toEqual(expected)
  })

  it.each(['W/"7"', '"x"', '""', '"7/8"'])('of %s expects what there is not', (header) => {
    expect(expectedBy(header)).toEqual([])
    expect(codeOf(() => demandExpected(expectedBy(header), 7))).toBe('PRECONDITION_FAILED')
  })

  it.each(['7', '"7', '', '"7",', '"7" "8"', `"${'7'.repeat(2_000)}"`])('of %j cannot be read', (header) => {
    expect(codeOf(() => expectedBy(header))).toBe('VALIDATION_FAILED')
  })

  it('holds for the version that it names and no other (R33.6)', () => {
    for (const expected of [undefined, 'any', [6, 7]] as const)
      expect(codeOf(() => demandExpected(expected, 7))).toBe(undefined)
    expect(codeOf(() => demandExpected([6, 8], 7))).toBe('PRECONDITION_FAILED')
  })
})

describe('If-None-Match', () => {
  it('is known by any of its tags, weak or not, and by * (R35.6)', () => {
    const etag = entityTag(7, 'admin')
    for (const known of ['"7-admin"', 'W/"7-admin"', '"6", "7-admin"', '*']) expect(isKnown(known, etag)).toBe(true)
    for (const unknown of [undefined, '"7"', '"8-admin"', '']) expect(isKnown(unknown, etag)).toBe(false)
  })
})
