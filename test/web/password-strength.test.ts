import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RegisterBody } from '../../src/features/identity/schemas.ts'
import { judgePassword, meetsRules, PASSWORD_RULES } from '../../src/web/account/strength.ts'

const level = (password: string, own: string[] = []) => judgePassword(password, own).level

describe('the strength of a password', () => {
  it('is nothing for nothing, and weak for whatever misses a rule', () => {
    expect(judgePassword('')).toEqual({ level: 0, word: '', tip: null })
    expect(judgePassword('correct horse battery staple').level).toBe(1)
  })

  it.each([
    'Password1!',
    'P@ssw0rd1!',
    'Qwerty123!',
    'Abcd1234!',
    'Summer2024!',
    'Aaaaaaa1!',
    'Welcome-1',
    'Aa1!Aa1!Aa1!Aa1!',
  ])('is weak for %s, which everybody tries, however many kinds of characters it has', (password) => {
    expect([meetsRules(password), level(password)]).toEqual([true, 1])
  })

  it('rises with every word that has nothing to do with the others', () => {
    expect(level('Loom-7aa')).toBeLessThan(3)
    expect(level('Woven-edge-7')).toBe(2)
    expect(level('Woven-edge-kettle-7')).toBe(4)
    expect(level('kX7#vq2!Zp9b')).toBe(4)
  })

  it('falls with what the person has said of themselves, also in disguise', () => {
    const own = ['Maya', 'Lindqvist', 'maya.lindqvist@example.test']
    expect(level('Lindqvist-loom-7')).toBeGreaterThan(level('Lindqvist-loom-7', own))
    expect(judgePassword('L1ndqv1st-7', own)).toMatchObject({ level: 1, tip: expect.stringContaining('your name') })
    expect(judgePassword('Kettle-river-m@y@-9', own).tip).toContain('your name')
  })

  it('is found for any text, and never less for a longer one of random characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 128 }), fc.array(fc.string()), (password, own) => {
        expect(level(password, own)).toBeGreaterThanOrEqual(password === '' ? 0 : 1)
      }),
    )
  })

  it('ticks off the rules that the server has', () => {
    const account = { email: 'a@b.test', firstName: 'Ann', lastName: 'Lee' }
    const accepts = (password: string) => RegisterBody.safeParse({ ...account, password }).success
    for (const password of [
      'short-A1',
      'Ab-1',
      'nocapital-1',
      'NOSMALL-1',
      'No-digits',
      'Nosymbol1',
      `A-1a${'x'.repeat(125)}`,
    ]) {
      expect([password, meetsRules(password)]).toEqual([password, accepts(password)])
    }
    expect(PASSWORD_RULES.filter(({ test }) => test('aB')).map(({ text }) => text)).toHaveLength(2)
  })
})
