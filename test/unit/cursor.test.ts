import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { decodeCursor, encodeCursor, TimePlace, toPage } from '../../src/platform/cursor.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { toBase64Url, utf8 } from '../../src/platform/security/encoding.ts'

/** What `decodeCursor` throws, or undefined. */
function refusalOf(cursor: string, place: z.ZodType<unknown> = TimePlace): unknown {
  try {
    decodeCursor(cursor, place)
  } catch (error) {
    return error
  }
}

describe('a cursor', () => {
  it.each([
    ['a time and an id', TimePlace, [1_800_000_000_000, newId()]],
    ['a number', z.tuple([z.int()]), [7]],
    ['words', z.tuple([z.string()]), ['Ångström 🧵 / + ?']],
  ])('leads back to the place that it was made of: %s', (_name, place, value) => {
    const cursor = encodeCursor(value)
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(decodeCursor(cursor, place as z.ZodType<unknown>)).toEqual(value)
  })

  it('that is absent is the beginning of the list', () => {
    expect(decodeCursor(undefined, TimePlace)).toBeUndefined()
  })

  const good = encodeCursor([1, newId()])
  it.each([
    ['empty', ''],
    ['not base64url', 'nonsense!'],
    ['padded', `${encodeCursor([1, newId(), 'x'])}=`],
    ['cut off', good.slice(0, -5)],
    ['longer than it was', `${good}AAAA`],
    ['not JSON', toBase64Url(utf8('[1, '))],
    ['of a list of another kind', encodeCursor([7])],
    ['of a place with more to it', encodeCursor([1, newId(), 2])],
    ['with words for a time', encodeCursor(['1; drop table users', newId()])],
    ['with a time between two milliseconds', encodeCursor([1.5, newId()])],
    ['with no id', encodeCursor([1, 'not-an-id'])],
    ['an object', encodeCursor({ 0: 1, 1: newId() })],
    ['null', encodeCursor(null)],
  ])('that is %s is refused, naming the field and nothing more', (_name, cursor) => {
    const refusal = refusalOf(cursor)
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'The query is not valid',
      fields: [{ field: 'cursor', message: 'Not a cursor of this list' }],
    })
  })

  it('that is not UTF-8 is refused rather than mended', () => {
    const words = z.tuple([z.string()])
    const [open, close] = [utf8('["'), utf8('"]')]
    const spell = (byte: number) => toBase64Url(new Uint8Array([...open, byte, ...close]))
    expect(decodeCursor(spell(0x41), words)).toEqual(['A'])
    expect(refusalOf(spell(0xff), words)).toBeInstanceOf(Refusal)
  })
})

describe('a page', () => {
  const rows = [1, 2, 3, 4, 5]
  const place = (row: number) => [row]

  it('holds as many as were asked for, and leads to the next from its last', () => {
    const page = toPage(rows.slice(0, 3), 2, place)
    expect(page.items).toEqual([1, 2])
    expect(decodeCursor(page.nextCursor ?? '', z.tuple([z.int()]))).toEqual([2])
  })

  it('is the last where no row came beyond it, also when it is full', () => {
    expect(toPage(rows, 5, place)).toEqual({ items: rows, nextCursor: null })
    expect(toPage(rows, 6, place)).toEqual({ items: rows, nextCursor: null })
    expect(toPage([], 2, place)).toEqual({ items: [], nextCursor: null })
  })
})
