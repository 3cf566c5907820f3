import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { type Env, parseSettings, SettingsError } from '../../src/env.ts'
import { outsideNames } from '../../src/features/identity/domain/outside-names.ts'

const GITHUB = { kind: 'github', clientId: 'an-id', clientSecret: 'a-long-secret' }
const WORK = { ...GITHUB, kind: 'oidc', id: 'work', name: 'Work', issuer: 'https://login.example' }
const parse = (given: unknown, more = {}) =>
  parseSettings({
    ...env,
    ...more,
    SIGN_IN_PROVIDERS: typeof given === 'string' ? given : JSON.stringify(given),
  } as Env)

describe('the setting of sign-in providers', () => {
  it('is a list of providers, each with an id of its own; none is the default', () => {
    const known = parse([GITHUB, { ...GITHUB, kind: 'google' }, WORK]).SIGN_IN_PROVIDERS
    expect(known.map(({ id }) => id)).toEqual(['github', 'google', 'work'])
    expect(known[0]).toMatchObject({ webUrl: 'https://github.com', apiUrl: 'https://api.github.com' })
    expect(known[2]).toMatchObject({ scopes: 'openid email profile', hosts: [] })
    expect([parse('').SIGN_IN_PROVIDERS, parse([]).SIGN_IN_PROVIDERS]).toEqual([[], []])
  })

  it.each([
    ['no JSON', 'a-long-secret'],
    ['two of one id', [GITHUB, GITHUB]],
    ['an id that no address can hold', [{ ...WORK, id: 'my work' }]],
    ['no issuer', [{ ...WORK, issuer: undefined }]],
    ['an unknown kind', [{ ...GITHUB, kind: 'gitlab' }]],
    ['a field too many', [{ ...GITHUB, clientsecret: 'a-long-secret' }]],
  ])('is refused with its name and none of its secrets: %s (R47.5)', (_what, given) => {
    expect(() => parse(given)).toThrow(SettingsError)
    expect(() => parse(given)).toThrow(/SIGN_IN_PROVIDERS: must be a JSON list/)
    expect(() => parse(given)).not.toThrow(/a-long-secret/)
  })

  it('names https addresses only, in production', () => {
    const plain = [{ ...WORK, issuer: 'http://login.example' }]
    const production = { ENVIRONMENT: 'production', ALLOWED_HOSTS: 'api.example' }
    expect(() => parse(plain, production)).toThrow(/SIGN_IN_PROVIDERS: must be https in production/)
    expect(parse(plain).SIGN_IN_PROVIDERS).toHaveLength(1)
  })
})

describe('the name that a provider tells', () => {
  it.each([
    [
      { firstName: ' Ann  Marie ', lastName: 'O’Neil' },
      { firstName: 'Ann Marie', lastName: 'O’Neil' },
    ],
    [
      { firstName: '', lastName: 'Cher' },
      { firstName: 'Cher', lastName: '' },
    ],
    [
      { firstName: 'a\u0000b\nc', lastName: '' },
      { firstName: 'a b c', lastName: '' },
    ],
    [
      { firstName: 'x'.repeat(300), lastName: '' },
      { firstName: 'x'.repeat(100), lastName: '' },
    ],
    [
      { firstName: '', lastName: ' ' },
      { firstName: 'Maya', lastName: '' },
    ],
  ])('%j becomes one that an account may have', (told, name) => {
    expect(outsideNames(told, 'maya.loom+news@people.test')).toEqual(name)
  })
})
