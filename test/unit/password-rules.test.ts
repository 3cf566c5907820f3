import { describe, expect, it } from 'vitest'
import COMMON from '../../src/features/identity/domain/common-passwords.json'
import { coolDownMs, coolDownOfCorrectionMs, maskedAddress } from '../../src/features/identity/domain/mailed-tokens.ts'
import { isCommonPassword, isMadeOf, readingsOf } from '../../src/features/identity/domain/password-rules.ts'
import { deriveKeptToken, deriveMailedToken } from '../../src/platform/security/mailed-token.ts'

describe('a password that is tried first', () => {
  it.each([
    'Password1!',
    'P@ssw0rd-2024',
    '1Q2w3e4r!',
    'Qwerty123!',
    'Welcome2024!',
    'PasswordPassword1!',
    'Dr4gon!!11',
  ])('is known in whatever it is dressed up: %s (R7.5)', (password) => expect(isCommonPassword(password)).toBe(true))

  it.each(['Kettle-river-anvil-9', 'Correct-Horse-1', 'Woven-edge-7', 'Kate#82917364', 'Dragon-tree-kettle-4'])(
    'is none that has enough besides it: %s',
    (password) => expect(isCommonPassword(password)).toBe(false),
  )

  it('is one of thousands, each of which stands for all that it is read as', () => {
    const words = COMMON.words.flatMap((line) => line.split(' '))
    expect(words.length).toBeGreaterThanOrEqual(3_000)
    expect(new Set(words).size).toBe(words.length)
    const spelled = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}1!`)
    const missed = spelled.filter((password) => password.length <= 12 && !isCommonPassword(password))
    expect(missed).toEqual([])
    expect(readingsOf('x'.repeat(128)).length).toBeGreaterThan(0)
  })
})

describe('a password that is made of one’s own words', () => {
  const own = ['Maya', 'Lindqvist', 'maya.l@selvage.test', 'Selvage']

  it.each(['Maya-Lindqvist-1!', 'S3lv@ge-2026', 'M4y4.1990!!', 'Lindqvist-77!'])('is refused: %s (R7.5)', (password) =>
    expect(isMadeOf(password, own)).toBe(true),
  )

  it.each(['Woven-selvage-edge-7', 'Maya-keeps-nine-4-goats', 'Kettle-river-9'])(
    'is not where more is left: %s',
    (password) => expect(isMadeOf(password, own)).toBe(false),
  )
})

describe('a mailed token', () => {
  const key = { id: '', key: new Uint8Array(32).map((_, i) => i) }
  const next = { id: 'next', key: key.key.toReversed() }

  it('is 256 bits as hex, the same for the same event and purpose, and another for any other (R9.3)', async () => {
    const first = await deriveMailedToken([key], { purpose: 'reset-password', requestId: '1' })
    expect(first.token).toMatch(/^[0-9a-f]{64}$/)
    expect(await deriveMailedToken([key], { purpose: 'reset-password', requestId: '1' })).toEqual(first)
    const others = [
      deriveMailedToken([key], { purpose: 'verify-email', requestId: '1' }),
      deriveMailedToken([key], { purpose: 'reset-password', requestId: '2' }),
      deriveMailedToken([next, key], { purpose: 'reset-password', requestId: '1' }),
    ]
    for (const { token, hash } of await Promise.all(others)) {
      expect([token === first.token, hash === first.hash]).toEqual([false, false])
    }
  })

  it('is the one that was mailed when its message comes again, though another key stands in front by then (R9.3)', async () => {
    const origin = { purpose: 'reset-password', requestId: '1' }
    const { token, hash } = await deriveMailedToken([key], origin)
    expect(await deriveKeptToken([next, key], origin, hash)).toBe(token)
    expect(await deriveKeptToken([next], origin, hash)).toBeUndefined()
  })

  it('follows another after a minute, and after many in a day before the newest link is old (R9.16, R10.6)', () => {
    expect([0, 4, 5, 100].map(coolDownMs)).toEqual([60_000, 60_000, 900_000, 900_000])
    expect([0, 4, 5, 100].map(coolDownOfCorrectionMs)).toEqual([0, 0, 900_000, 900_000])
  })

  it('leaves of an address what its owner knows it by', () => {
    expect(maskedAddress('ann.lee@people.test')).toBe('a***@people.test')
    expect(maskedAddress('é@people.test')).toBe('é***@people.test')
  })
})
