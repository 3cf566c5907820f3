import { describe, expect, it } from 'vitest'
import { type DatabaseName, formatBookmarks, parseBookmarks } from '../../src/platform/db/bookmarks.ts'

const ONE = '00000001-00000002-00004f2b-0123456789abcdef0123456789abcdef'
const TWO = '0000000a-ffffffff-00004f2c-fedcba9876543210fedcba9876543210'

describe('the bookmarks that a request brings', () => {
  it('are read one for each database', () => {
    expect(parseBookmarks(`core=${ONE},activity=${TWO}`)).toEqual(
      new Map([
        ['core', ONE],
        ['activity', TWO],
      ]),
    )
    expect(parseBookmarks(` activity=${TWO} , core=${ONE} `)).toEqual(
      new Map([
        ['activity', TWO],
        ['core', ONE],
      ]),
    )
    expect(parseBookmarks(`core=${ONE}`)).toEqual(new Map([['core', ONE]]))
  })

  it.each([[undefined], [null], ['']])('are none where the header is %o', (header) => {
    expect(parseBookmarks(header)).toBeUndefined()
  })

  it.each([
    ['no name', ONE],
    ['the name of no database', `warehouse=${ONE}`],
    ['a name in capitals', `CORE=${ONE}`],
    ['a database twice', `core=${ONE},core=${TWO}`],
    ['no bookmark', 'core='],
    ['a constraint for a bookmark', 'core=first-unconstrained'],
    ['a bookmark in capitals', `core=${ONE.toUpperCase()}`],
    ['a bookmark that is too short', `core=${ONE.slice(0, -1)}`],
    ['a bookmark with more behind it', `core=${ONE}0`],
    ['a bookmark with more behind an equals sign', `core=${ONE}=${TWO}`],
    ['a good one beside a bad one', `core=${ONE},activity=nonsense`],
    ['an end that is open', `core=${ONE},`],
    ['a line break', `core=${ONE}\n,activity=${TWO}\nx`],
    ['another separator', `core=${ONE};activity=${TWO}`],
    ['more than we read', `core=${ONE}${' '.repeat(1_000)}`],
  ])('are unreadable with %s', (_name, header) => {
    expect(parseBookmarks(header)).toBe('unreadable')
  })
})

describe('the bookmarks that an answer carries', () => {
  it('are those of the databases that were used, in a form that the next request may bring', () => {
    const text = formatBookmarks([
      ['core', ONE],
      ['activity', TWO],
    ])
    expect(text).toBe(`core=${ONE},activity=${TWO}`)
    expect(formatBookmarks(parseBookmarks(text) as Map<DatabaseName, string>)).toBe(text)
    expect(
      formatBookmarks([
        ['core', undefined],
        ['activity', TWO],
      ]),
    ).toBe(`activity=${TWO}`)
    expect(
      formatBookmarks([
        ['core', undefined],
        ['activity', undefined],
      ]),
    ).toBe('')
  })
})
