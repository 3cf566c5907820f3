import { describe, expect, it } from 'vitest'
import { waysInWords } from '../../src/web/entry/ways-in-words.ts'

describe('what still lets in to an account', () => {
  it('is said in words, and nothing where there is nothing', () => {
    expect(waysInWords({ passkeys: 0, apiKeys: 0, linkedAccounts: 0 })).toBeNull()
    expect(waysInWords({ passkeys: 1, apiKeys: 0, linkedAccounts: 0 })).toBe('1 passkey')
    expect(waysInWords({ passkeys: 2, apiKeys: 1, linkedAccounts: 1 })).toBe(
      '2 passkeys, 1 API key and 1 linked account',
    )
  })
})
