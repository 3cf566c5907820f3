import { describe, expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { fromBase64Url, toBase64Url, utf8 } from '../../src/platform/security/encoding.ts'
import { RefreshTokens } from '../../src/platform/security/refresh-token.ts'

const makeKey = () => crypto.getRandomValues(new Uint8Array(32))
const BASE64_URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** One whose text shows where base64 and base64url differ. */
async function telling(tokens: RefreshTokens): Promise<string> {
  const sessionId = newId()
  for (let generation = 1; ; generation += 1) {
    const { token } = await tokens.derive({ sessionId, generation })
    if (token.includes('-') && token.includes('_')) return token
  }
}

describe('a refresh token', () => {
  const tokens = new RefreshTokens([makeKey()])

  it.each([
    ['01930000-0000-7000-8000-000000000001', 1],
    ['01930000-0000-7000-bfff-ffffffffffff', 2 ** 32 - 1],
    ['00000000-0000-0000-0000-000000000000', 0],
    ['ffffffff-ffff-ffff-ffff-ffffffffffff', 7],
    ['9f3c2a10-5b7e-4c1d-8e2f-a0b1c2d3e4f5', 256],
  ])('opens to the session and the generation that it was made of: %s, %i', async (sessionId, generation) => {
    const { token } = await tokens.derive({ sessionId, generation })
    expect(await tokens.open(token)).toEqual({ sessionId, generation })
  })

  it('is the same again for the same session and generation, so that a lost answer can be given again', async () => {
    const claims = { sessionId: newId(), generation: 3 }
    const first = await tokens.derive(claims)
    expect(await tokens.derive(claims)).toEqual(first)
    const others = [
      await tokens.derive({ ...claims, generation: 4 }),
      await tokens.derive({ ...claims, sessionId: newId() }),
      await new RefreshTokens([makeKey()]).derive(claims),
    ]
    expect(new Set([first, ...others].map(({ token }) => token)).size).toBe(4)
  })

  it('comes with the SHA-256 of all of it, so that no two have one hash however alike they begin (R7.10)', async () => {
    const { token, hash } = await tokens.derive({ sessionId: newId(), generation: 1 })
    const digest = async (text: string) => new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))).toHex()
    expect(hash).toBe(await digest(token))
    expect(await digest(`${token.slice(0, -1)}A`)).not.toBe(await digest(`${token.slice(0, -1)}B`))
  })

  it('is refused with any one bit of it changed', async () => {
    const { token } = await tokens.derive({ sessionId: newId(), generation: 1 })
    const bytes = fromBase64Url(token) ?? new Uint8Array()
    expect(bytes.byteLength).toBe(52)
    for (let bit = 0; bit < bytes.byteLength * 8; bit += 1) {
      const changed = bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
      expect(await tokens.open(toBase64Url(changed)), `bit ${bit}`).toBeUndefined()
    }
  })

  it('has one spelling only: canonical base64url', async () => {
    const token = await telling(tokens)
    expect(await tokens.open(token)).toBeDefined()
    const inBase64 = token.replaceAll('-', '+').replaceAll('_', '/')
    // The last of its 70 characters carries two bits; the other four must be zero.
    const last = BASE64_URL.indexOf(token.at(-1) ?? '')
    const loose = Array.from({ length: 15 }, (_, i) => token.slice(0, -1) + BASE64_URL.charAt(last + i + 1))
    expect(last % 16).toBe(0)
    for (const spelling of [
      ...loose,
      inBase64,
      `${token}==`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `${token.slice(0, 20)}\n${token.slice(20)}`,
      `${token}A`,
      `${token}AAAA`,
      token.slice(0, -1),
      token.slice(4),
      `${token}${token}`,
      token.toLowerCase(),
      '',
      'nonsense',
      '🧵',
    ]) {
      expect(await tokens.open(spelling), JSON.stringify(spelling)).toBeUndefined()
    }
  })

  it('is made by the first key and taken from all, so that keys can be rotated', async () => {
    const [newKey, oldKey] = [makeKey(), makeKey()]
    const [before, during, after] = [[oldKey], [newKey, oldKey], [newKey]].map((keys) => new RefreshTokens(keys))
    const claims = { sessionId: newId(), generation: 9 }
    const [old, fresh] = [await before?.derive(claims), await during?.derive(claims)]
    expect(await during?.open(old?.token ?? '')).toEqual(claims)
    expect(await during?.open(fresh?.token ?? '')).toEqual(claims)
    expect(await after?.open(fresh?.token ?? '')).toEqual(claims)
    expect(await after?.open(old?.token ?? '')).toBeUndefined()
  })
})
