import { describe, expect, it } from 'vitest'
import { distinctUsername, usernameBase } from '../../src/features/identity/domain/username.ts'
import { Username } from '../../src/features/identity/schemas.ts'
import { searchKey } from '../../src/platform/text.ts'

describe('a username that is made from a name', () => {
  it.each([
    ['Ann', 'Lee', 'ann_lee'],
    ['Ann', 'O’Neil', 'ann_oneil'],
    ['Ánn-Marié', 'de la Çruz', 'ann_marie_de_la_cruz'],
    ['  Ann ', ' Lee ', 'ann_lee'],
    ['__Ann__', '__Lee__', 'ann_lee'],
    ['ﬁona', 'Ⅳ', 'fiona_iv'],
    ['李', '小龙', 'user'],
    ['Jo', '李', 'user_jo'],
    ['X', 'Æ', 'user_x'],
    ['🧵', '--', 'user'],
    ['1', '2', '1_2'],
  ])('%s %s is %s: letters without accents, the rest dropped', (firstName, lastName, username) => {
    expect(usernameBase(firstName, lastName)).toBe(username)
  })

  it.each([
    ['long names', 'A'.repeat(100), 'B'.repeat(100)],
    ['a name that is cut at its underscore', 'A'.repeat(23), 'Bo'],
    ['a name that is cut before its underscore', 'A'.repeat(24), 'Bo'],
    ['letters that stand for many', 'ﷺ'.repeat(20), 'ﷺ'],
    ['letters that cannot be seen', 'ㅤㅤ', 'İİ'],
    ['points', '.'.repeat(50), 'ab'],
    ['a statement and a tag', '"; drop table users', '<script>'],
  ])('of %s is one that the rule for usernames takes, with room for a distinction', (_name, firstName, lastName) => {
    const base = usernameBase(firstName, lastName)
    for (const username of [base, distinctUsername(base)]) {
      expect(Username.parse(username)).toBe(username)
    }
  })
})

describe('a distinct username', () => {
  it('is the base with five characters by lot, so that two hardly ever meet', () => {
    const many = new Set(Array.from({ length: 200 }, () => distinctUsername('ann_lee')))
    expect(many.size).toBeGreaterThan(198)
    for (const username of many) expect(username).toMatch(/^ann_lee_[a-z2-9]{5}$/)
  })
})

describe('the key by which names are searched', () => {
  it.each([
    ['José  GARCÍA', 'jose garcia'],
    ['\tAnn\u00a0Lee ', 'ann lee'],
    ['Ångström', 'angstrom'],
    ['ＡＮＮ', 'ann'],
    ['Łukasz', 'łukasz'],
    ['李小龙', '李小龙'],
    ['Ann_Lee', 'ann_lee'],
    [' \u0301 ', ''],
  ])('of %o is %o', (name, key) => {
    expect(searchKey(name)).toBe(key)
  })

  it.each(['José', 'İstanbul', 'ﬁona', 'Å', '한국', 'ΣΊΣΥΦΟΣ', 'Straße'])(
    'of %s is the same composed, decomposed, and made twice',
    (name) => {
      const key = searchKey(name)
      expect(searchKey(name.normalize('NFC'))).toBe(key)
      expect(searchKey(name.normalize('NFD'))).toBe(key)
      expect(searchKey(key)).toBe(key)
    },
  )
})
