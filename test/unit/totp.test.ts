import { generateSync } from 'otplib'
import { describe, expect, it } from 'vitest'
import { newBackupCodes, normalBackupCode } from '../../src/features/identity/mfa/domain/backup-code.ts'
import { matchingStep, newSecret, secretUri } from '../../src/features/identity/mfa/domain/totp.ts'

/** The secret of RFC 6238, appendix B, `12345678901234567890`, in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('a code of an authenticator app', () => {
  // The RFC prints eight digits; an app's six are the last of them.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %d is the one that RFC 6238 has (R8.1)', (second, digits) => {
    expect(matchingStep(RFC_SECRET, digits.slice(-6), second * 1_000)).toBe(Math.floor(second / 30))
  })

  it('is the one that another library makes of any secret at any time (R8.1)', () => {
    for (let n = 0; n < 200; n += 1) {
      const secret = newSecret()
      const second = Math.floor(Math.random() * 4e9) + 60
      const code = generateSync({ secret, epoch: second })
      expect(matchingStep(secret, code, second * 1_000), `${secret} at ${second}`).toBe(Math.floor(second / 30))
    }
  })

  it('is known one step early and late, by its own step, and no further (R8.4)', () => {
    const now = 1_700_000_010_000
    const found = [-2, -1, 0, 1, 2].map((steps) => {
      const step = matchingStep(RFC_SECRET, generateSync({ secret: RFC_SECRET, epoch: now / 1_000 + steps * 30 }), now)
      return step === undefined ? undefined : step - Math.floor(now / 30_000)
    })
    expect(found).toEqual([undefined, -1, 0, 1, undefined])
  })

  it('comes of a secret of 160 random bits, which its address tells with issuer and account (R8.1, R8.5)', () => {
    const secrets = new Set(Array.from({ length: 100 }, newSecret))
    expect(secrets.size).toBe(100)
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    const uri = new URL(secretUri(RFC_SECRET, { issuer: 'Selvage & Sons', label: 'ann+1@people.test' }))
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(uri.pathname)).toBe('/Selvage & Sons:ann+1@people.test')
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Selvage & Sons',
      secret: RFC_SECRET,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })
})

describe('backup codes', () => {
  it('are ten, each of 120 random bits in groups that are easy to read (R8.7)', () => {
    const codes = Array.from({ length: 20 }, newBackupCodes)
    for (const ten of codes) {
      expect(ten).toHaveLength(10)
      for (const code of ten) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
    }
    const all = codes.flat()
    expect(new Set(all).size).toBe(200)
    // 24 symbols of 32: each of them comes up, none is left out by the draw.
    expect(new Set(all.join('').replaceAll('-', '')).size).toBe(32)
  })

  it('are the same in whatever case, with dashes or spaces, and with what is easily misread (R8.7)', () => {
    const code = 'K7M0-2X1D-9RTB-HF4C-VN8J-3EPA'
    for (const typed of [
      'k7m02x1d9rtbhf4cvn8j3epa',
      ' K7MO 2XLD 9RTB HF4C VN8J 3EPA ',
      'k7mo-2xid-9rtb-hf4c-vn8j-3epa',
    ]) {
      expect(normalBackupCode(typed)).toBe(normalBackupCode(code))
    }
    expect(normalBackupCode('K7M0-2X1D-9RTB-HF4C-VN8J-3EPB')).not.toBe(normalBackupCode(code))
  })
})
