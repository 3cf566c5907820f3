import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { type Env, parseSettings, SettingsError } from '../../src/env.ts'
import { createIsolate, senderOf } from '../../src/isolate.ts'
import { toBase64Url } from '../../src/platform/security/encoding.ts'

const [jwk] = JSON.parse(env.JWT_SIGNING_KEYS as string) as [JWK]
const makeKey = (bytes = 32) => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))
const parse = (given: Record<string, unknown>) => parseSettings({ ...env, ...given } as Env)

/** The complaint about these settings, which must be of our own kind. */
function complaint(given: Record<string, unknown>): string {
  try {
    parse(given)
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError)
    return (error as SettingsError).message
  }
  throw new Error('These settings were accepted')
}

const named = (message: string) => [...message.matchAll(/(?:: |; )([A-Z_]+)[.:]/g)].map(([, name]) => name)

describe('the settings', () => {
  it('are read from text, with defaults for what need not be said', () => {
    const [one, two, ticket] = [makeKey(), makeKey(48), makeKey()]
    const settings = parse({
      ENVIRONMENT: 'production',
      LOG_LEVEL: undefined,
      ALLOWED_HOSTS: 'api.example, api.example:8443 ,',
      ALLOWED_ORIGINS: ' https://a.example,https://b.example',
      REFRESH_TOKEN_KEYS: `${one}, ${two}`,
      WS_TICKET_KEY: ticket,
      BOOTSTRAP_ADMIN_EMAIL: 'Root@Selvage.Test',
      FRONTEND_URL: 'https://selvage.example/',
      MAIL_ADAPTER: 'send-email',
    })
    expect(settings).toMatchObject({
      ENVIRONMENT: 'production',
      SERVICE_NAME: 'selvage',
      LOG_LEVEL: 'info',
      ALLOWED_HOSTS: ['api.example', 'api.example:8443'],
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
      JWT_ISSUER: 'selvage',
      JWT_AUDIENCE: 'selvage-api',
      JWT_SIGNING_KEYS: [jwk],
      BOOTSTRAP_ADMIN_EMAIL: 'root@selvage.test',
    })
    expect(settings.REFRESH_TOKEN_KEYS.map(toBase64Url)).toEqual([one, two])
    expect(toBase64Url(settings.WS_TICKET_KEY)).toBe(ticket)
    expect(parse({ ALLOWED_ORIGINS: undefined }).ALLOWED_ORIGINS).toEqual([])
    expect(parse({ BOOTSTRAP_ADMIN_EMAIL: undefined, BOOTSTRAP_ADMIN_PASSWORD: undefined })).toBeDefined()
  })

  // What each of them proves is a number of its own.
  it.each([
    ['ENVIRONMENT', ''],
    ['ALLOWED_HOSTS', ''],
    ['JWT_SIGNING_KEYS', ' (R7.22)'],
    ['REFRESH_TOKEN_KEYS', ' (R7.22)'],
    ['WS_TICKET_KEY', ''],
    ['PASSING_TOKEN_KEY', ''],
    ['MAILED_TOKEN_KEY', ''],
    ['ENCRYPTION_KEYS', ' (R8.17)'],
    ['FRONTEND_URL', ' (R7.22, R9.18)'],
  ])('are refused without %s%s', (name) => {
    expect(named(complaint({ [name]: undefined }))).toEqual([name])
  })

  it.each([
    ['without an id', `${'0f'.repeat(16)}`],
    ['too short', 'a=00112233445566778899aabbccddeeff'],
    ['a pattern', `a=${'ab'.repeat(32)}`],
    ['two of one id', 'a=KEY,a=KEY'],
    ['one bad beside a good one', 'a=KEY,b=short'],
  ])('are refused with a sealing key that is %s, and do not repeat it (R8.17)', (_name, text) => {
    const hex = crypto.getRandomValues(new Uint8Array(32)).toHex()
    const message = complaint({ ENCRYPTION_KEYS: text.replaceAll('KEY', hex) })
    expect(named(message)).toEqual(['ENCRYPTION_KEYS'])
    expect(message).not.toContain(hex)
  })

  it('are refused with the names of all that is missing at once', () => {
    const missing = { JWT_SIGNING_KEYS: undefined, REFRESH_TOKEN_KEYS: '', WS_TICKET_KEY: 'short', DB: undefined }
    expect(named(complaint(missing))).toEqual(['JWT_SIGNING_KEYS', 'REFRESH_TOKEN_KEYS', 'WS_TICKET_KEY', 'DB'])
  })

  it.each([
    ['ENVIRONMENT', 'none of the three', 'staging'],
    ['LOG_LEVEL', 'no level', 'loud'],
    ['ALLOWED_HOSTS', 'an empty list', ' , '],
    ['BOOTSTRAP_ADMIN_EMAIL', 'no address', 'nobody'],
    ['BOOTSTRAP_ADMIN_PASSWORD', 'short', 'Short-1'],
    ['BOOTSTRAP_ADMIN_PASSWORD', 'longer than a sign-in takes', `Aa1!${'x'.repeat(125)}`],
  ])('are refused where %s is %s', (name, _what, value) => {
    expect(named(complaint({ [name]: value }))).toEqual([name])
  })

  it.each([
    ['shorter than 32 bytes', makeKey(31)],
    ['padded', `${makeKey()}=`],
    ['of the other base64', `${makeKey().slice(0, -2)}+/`],
    ['words', 'change me please before anybody else does!!'],
    ['one letter, many times', 'A'.repeat(64)],
    ['a pattern', 'abcd'.repeat(16)],
    ['empty', ''],
  ])('are refused with a key that is %s, and do not repeat it (R7.22)', (_name, key) => {
    for (const given of [{ WS_TICKET_KEY: key }, { REFRESH_TOKEN_KEYS: `${makeKey()},${key || '='}` }]) {
      const message = complaint(given)
      expect(named(message)).toEqual(Object.keys(given))
      if (key) expect(message).not.toContain(key)
    }
  })

  it('take a plain key for mailed tokens and backup codes, or named ones before it (R8.17)', () => {
    const [plain, other] = [makeKey(), makeKey(48)]
    const keys = (text: string) =>
      parse({ MAILED_TOKEN_KEY: text }).MAILED_TOKEN_KEY.map((one) => [one.id, toBase64Url(one.key)])
    expect(keys(plain)).toEqual([['', plain]])
    expect(keys(`k-2=${other}, ${plain}`)).toEqual([
      ['k-2', other],
      ['', plain],
    ])
    const five = Array.from({ length: 5 }, (_, n) => `k${n}=${makeKey()}`).join(',')
    for (const text of [
      `${plain},${other}`,
      `a=${plain},a=${other}`,
      `a=${plain},${plain}`,
      `a=${plain},b=short`,
      `${plain}=`,
      five,
      ',',
    ]) {
      const message = complaint({ MAILED_TOKEN_KEY: text })
      expect(named(message), text).toEqual(['MAILED_TOKEN_KEY'])
      expect(message).not.toContain(plain)
    }
    const ticket = String(env.WS_TICKET_KEY)
    expect(named(complaint({ MAILED_TOKEN_KEY: `a=${plain},${ticket}` }))).toEqual(['MAILED_TOKEN_KEY'])
  })

  it('are refused with one key for two purposes, or more keys than a rotation needs (R7.22)', () => {
    const [one, other] = [makeKey(), makeKey()]
    expect(named(complaint({ REFRESH_TOKEN_KEYS: `${other},${one}`, WS_TICKET_KEY: one }))).toEqual(['WS_TICKET_KEY'])
    const bytes = crypto.getRandomValues(new Uint8Array(32))
    const twice = { ENCRYPTION_KEYS: `first=${bytes.toHex()}`, MAILED_TOKEN_KEY: toBase64Url(bytes) }
    expect(named(complaint(twice))).toEqual(['MAILED_TOKEN_KEY'])
    const five = Array.from({ length: 5 }, () => makeKey()).join(',')
    expect(named(complaint({ REFRESH_TOKEN_KEYS: five }))).toEqual(['REFRESH_TOKEN_KEYS'])
  })

  it.each([
    ['text', () => 'nonsense'],
    ['one key outside a list', () => JSON.stringify(jwk)],
    ['no key', () => '[]'],
    ['a public key', () => JSON.stringify([{ ...jwk, d: undefined }])],
    ['a key without a name', () => JSON.stringify([{ ...jwk, kid: undefined }])],
    ['a key of another curve', () => JSON.stringify([{ ...jwk, crv: 'P-384' }])],
    ['a key of another kind', () => JSON.stringify([{ ...jwk, kty: 'OKP' }])],
    ['half a key', () => JSON.stringify([{ ...jwk, d: jwk.d?.slice(1) }])],
    ['two keys of one name', () => JSON.stringify([jwk, jwk])],
    ['five keys', () => JSON.stringify([1, 2, 3, 4, 5].map((n) => ({ ...jwk, kid: `key-${n}` })))],
  ])('are refused with %s to sign with, and do not repeat it', (_name, text) => {
    const message = complaint({ JWT_SIGNING_KEYS: text() })
    expect(named(message)).toEqual(['JWT_SIGNING_KEYS'])
    expect(message).not.toContain(jwk.d?.slice(1, 20))
    expect(message).not.toContain('nonsense')
  })

  it('take two keys to sign with, so that they can be rotated', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const keys = [{ ...(await exportJWK(privateKey)), kid: 'new' }, jwk]
    expect(parse({ JWT_SIGNING_KEYS: JSON.stringify(keys) }).JWT_SIGNING_KEYS.map(({ kid }) => kid)).toEqual([
      'new',
      jwk.kid,
    ])
  })

  it('must name the hosts in production, where others may be any', () => {
    const production = { ENVIRONMENT: 'production', FRONTEND_URL: 'https://a.example', MAIL_ADAPTER: 'send-email' }
    expect(named(complaint({ ...production, ALLOWED_HOSTS: 'api.example,*' }))).toEqual(['ALLOWED_HOSTS'])
    expect(parse({ ENVIRONMENT: 'development', ALLOWED_HOSTS: '*' }).ALLOWED_HOSTS).toEqual(['*'])
  })

  it('must send mail out in production, from pages that are served safely', () => {
    const production = { ENVIRONMENT: 'production', ALLOWED_HOSTS: 'api.example', FRONTEND_URL: 'https://a.example' }
    expect(named(complaint({ ...production, MAIL_ADAPTER: 'mailbox' }))).toEqual(['MAIL_ADAPTER'])
    expect(named(complaint({ ...production, MAIL_ADAPTER: 'resend' }))).toEqual(['RESEND_API_KEY'])
    const plain = { ...production, MAIL_ADAPTER: 'send-email', FRONTEND_URL: 'http://a.example' }
    expect(named(complaint(plain))).toEqual(['FRONTEND_URL'])
  })

  it('need the binding where mail goes out through it, and a safe way to Resend and Turnstile in production', () => {
    expect(named(complaint({ MAIL_ADAPTER: 'send-email', EMAIL: undefined }))).toEqual(['EMAIL'])
    const production = { ENVIRONMENT: 'production', ALLOWED_HOSTS: 'api.example', FRONTEND_URL: 'https://a.example' }
    const unsafe = { RESEND_API_URL: 'http://mail.example', TURNSTILE_API_URL: 'http://captcha.example' }
    const message = complaint({ ...production, MAIL_ADAPTER: 'resend', RESEND_API_KEY: 're_secret', ...unsafe })
    expect(named(message)).toEqual(['RESEND_API_URL', 'TURNSTILE_API_URL'])
    expect(message).not.toContain('re_secret')
  })

  it('turn the captcha on with both of its keys, and not with one', () => {
    expect(named(complaint({ TURNSTILE_SITE_KEY: 'site' }))).toEqual(['TURNSTILE_SITE_KEY'])
    expect(named(complaint({ TURNSTILE_SECRET_KEY: 'secret' }))).toEqual(['TURNSTILE_SITE_KEY'])
    const both = { TURNSTILE_SITE_KEY: 'site', TURNSTILE_SECRET_KEY: 'secret' }
    expect(createIsolate({ ...env, ...both } as Env).captcha?.siteKey).toBe('site')
    expect(createIsolate({ ...env } as Env).captcha).toBeUndefined()
  })

  it('choose how mail goes out, and the address and name that it comes from (R9.10, R9.18)', () => {
    const resend = { MAIL_ADAPTER: 'resend', RESEND_API_KEY: 're_key' }
    expect(createIsolate({ ...env, ...resend } as Env).resend).toBeDefined()
    expect(createIsolate({ ...env } as Env).resend).toBeUndefined()
    const named = { MAIL_FROM_ADDRESS: 'mail@a.example', APP_NAME: 'Loom' }
    expect(senderOf(parse(named))).toEqual({ address: 'mail@a.example', name: 'Loom' })
    expect(senderOf(parse({ ...named, MAIL_FROM_NAME: 'Loom mail' })).name).toBe('Loom mail')
  })
})
