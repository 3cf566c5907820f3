import { describe, expect, it } from 'vitest'
import { PERMISSIONS } from '../../src/features/identity/domain/access.ts'
import { beyondOwner, SCOPES, withinScopes } from '../../src/features/identity/domain/scopes.ts'
import { demandOfKey } from '../../src/http/access.ts'
import { newId } from '../../src/platform/ids.ts'
import { newApiKeySecret, readApiKey, writeApiKey } from '../../src/platform/security/api-key.ts'

describe('the text of an API key', () => {
  it('holds its id and 256 random bits, and is read back', () => {
    const key = { id: newId(), secret: newApiKeySecret() }
    const text = writeApiKey(key)
    expect(text).toMatch(/^slv_[0-9a-f]{32}_[\w-]{43}$/)
    expect(readApiKey(text)).toEqual(key)
    expect(newApiKeySecret()).not.toBe(key.secret)
  })

  it('has one spelling', () => {
    // The last of 43 characters carries four bits that mean something, and two that must be 0.
    const text = writeApiKey({ id: newId(), secret: `${'A'.repeat(42)}A` })
    expect(readApiKey(text)).toBeDefined()
    for (const other of [`${text.slice(0, -1)}B`, text.toUpperCase(), `${text}A`, text.slice(0, -1), ` ${text}`]) {
      expect(readApiKey(other), other).toBeUndefined()
    }
  })
})

describe('scopes', () => {
  const admin = { roles: ['user', 'admin'], permissions: [...PERMISSIONS] }

  it('leave of what an owner may what they name, and no role of staff’s', () => {
    expect(withinScopes(admin, ['read', 'write', 'view:logs'])).toEqual({ roles: ['user'], permissions: ['view:logs'] })
    expect(withinScopes({ roles: ['user'], permissions: ['read:user'] }, SCOPES)).toEqual({
      roles: ['user'],
      permissions: ['read:user'],
    })
  })

  it('give nothing by a role that nobody knows', () => {
    expect(withinScopes({ roles: ['emperor', 'moderator'], permissions: [] }, SCOPES).roles).toEqual([])
  })

  it('that their owner has not are named', () => {
    expect(beyondOwner(['read', 'view:logs', 'read:user'], ['read:user'])).toEqual(['view:logs'])
  })
})

describe('what is demanded of a key', () => {
  const get = { path: '/v1/notifications', isRead: true }
  const post = { path: '/v1/notifications', isRead: false }

  it('is `read` for a read and `write` for anything else, and neither includes the other', () => {
    expect(() => demandOfKey('user', get, ['read'])).not.toThrow()
    expect(() => demandOfKey('user', post, ['write'])).not.toThrow()
    expect(() => demandOfKey('user', post, ['read'])).toThrow('the scope write')
    expect(() => demandOfKey('user', get, ['write'])).toThrow('the scope read')
  })

  it('is nothing more where the route demands a permission, which then must be among its scopes', () => {
    expect(() => demandOfKey({ permissions: ['view:logs'] }, get, ['view:logs'])).not.toThrow()
    expect(() => demandOfKey({ anyPermission: ['view:logs'] }, post, ['view:logs'])).not.toThrow()
  })

  it('is what no key has, where an account is managed, a fresh proof is demanded, or a socket is opened', () => {
    const refused = expect.objectContaining({ code: 'SESSION_REQUIRED' })
    for (const path of ['/v1/auth', '/v1/auth/me', '/v2/auth/api-keys/1']) {
      expect(() => demandOfKey('user', { ...get, path }, SCOPES)).toThrow(refused)
    }
    expect(() => demandOfKey({ stepUp: true, permissions: ['view:logs'] }, get, SCOPES)).toThrow(refused)
    expect(() => demandOfKey({ session: true }, post, SCOPES)).toThrow(refused)
    expect(() => demandOfKey('ticket', get, SCOPES)).toThrow(refused)
    expect(() => demandOfKey('user', { ...get, path: '/v1/authors' }, SCOPES)).not.toThrow()
  })
})
