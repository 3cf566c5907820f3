import { env } from 'cloudflare:workers'
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import { newId } from '../../src/platform/ids.ts'
import { fromBase64Url, randomToken, utf8 } from '../../src/platform/security/encoding.ts'
import type { Passed, PassingKind } from '../../src/platform/security/passing-token.ts'
import { createApi } from '../support/api.ts'
import { PASSING_KINDS } from '../support/passing-kinds.ts'
import { makePerson } from '../support/people.ts'

const api = createApi()
const { passingTokens, accessTokens, socketTickets } = api.isolate
const key = fromBase64Url(String(env.PASSING_TOKEN_KEY)) ?? new Uint8Array()
const names = { iss: 'selvage', aud: 'selvage-api' }
const seconds = () => Math.floor(Date.now() / 1_000)

type Claims = Record<string, unknown>
interface Parts {
  header?: Claims
  /** Undefined leaves a claim out. */
  claims?: Claims
  key?: Uint8Array
}

/** A token as those of this kind are, but for what the test changes. */
function forge(kind: PassingKind<Claims>, right: Claims, parts: Parts = {}): Promise<string> {
  const all = { ...names, jti: newId(), iat: seconds(), exp: seconds() + kind.seconds, ...right, ...parts.claims }
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg: 'HS256', typ: kind.type, ...parts.header })
    .sign(parts.key ?? key)
}

function assemble(header: object, claims: object, signature: string): string {
  return [...[header, claims].map((part) => base64url.encode(JSON.stringify(part))), signature].join('.')
}

const partsOf = (token: string) => token.split('.')
const claim = (name: string) => `ERR_JWT_CLAIM_VALIDATION_FAILED ${name}`
const SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'

type Make = (kind: PassingKind<Claims>, claims: Claims) => Promise<string> | string

/** What the token is, what the log learns of it, and how it is made. */
const FORGERIES: [name: string, reason: (type: string) => string, make: Make][] = [
  [
    'signed by nobody',
    (type) => `ERR_JOSE_ALG_NOT_ALLOWED none ${type}`,
    async (kind, claims) => {
      const [, body = ''] = partsOf(await forge(kind, claims))
      return `${base64url.encode(JSON.stringify({ alg: 'none', typ: kind.type }))}.${body}.`
    },
  ],
  [
    'signed by another algorithm',
    (type) => `ERR_JOSE_ALG_NOT_ALLOWED HS384 ${type}`,
    (kind, claims) => forge(kind, claims, { header: { alg: 'HS384' }, key: new Uint8Array(48).fill(7) }),
  ],
  ['of another type', () => claim('typ'), (kind, claims) => forge(kind, claims, { header: { typ: 'other+jwt' } })],
  ['of no type', () => claim('typ'), (kind, claims) => forge(kind, claims, { header: { typ: undefined } })],
  ['for another audience', () => claim('aud'), (kind, claims) => forge(kind, claims, { claims: { aud: 'web' } })],
  ['from another issuer', () => claim('iss'), (kind, claims) => forge(kind, claims, { claims: { iss: 'evil' } })],
  [
    'signed with a key that is not ours',
    () => SIGNATURE,
    (kind, claims) => forge(kind, claims, { key: utf8(randomToken()) }),
  ],
  [
    'under a key id that we do not know, and so not signed by us',
    () => SIGNATURE,
    (kind, claims) => forge(kind, claims, { header: { kid: 'unknown' }, key: utf8(randomToken()) }),
  ],
  [
    'that brings its own key',
    () => 'brings its own key',
    async (kind, claims) => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true })
      return forge(kind, claims, { header: { jwk: await exportJWK(publicKey) } })
    },
  ],
  ['that has expired', () => 'ERR_JWT_EXPIRED', (kind, claims) => forge(kind, claims, { claims: { exp: seconds() } })],
  ['that never expires', () => claim('exp'), (kind, claims) => forge(kind, claims, { claims: { exp: undefined } })],
  [
    'that is not good yet',
    () => claim('nbf'),
    (kind, claims) => forge(kind, claims, { claims: { nbf: seconds() + 600 } }),
  ],
  [
    'without an id, and so good many times',
    () => claim('jti'),
    (kind, claims) => forge(kind, claims, { claims: { jti: undefined } }),
  ],
  [
    'with the signature of another',
    () => SIGNATURE,
    async (kind, claims) => {
      const [header, body] = partsOf(await forge(kind, claims))
      return [header, body, partsOf(await forge(kind, claims, { claims: { jti: newId() } }))[2]].join('.')
    },
  ],
  [
    'whose claims were changed after it was signed',
    () => SIGNATURE,
    async (kind, claims) => {
      const signature = partsOf(await forge(kind, claims))[2] ?? ''
      const all = { ...names, jti: newId(), iat: seconds(), exp: seconds() + 86_400, ...claims }
      return assemble({ alg: 'HS256', typ: kind.type }, all, signature)
    },
  ],
  [
    'with a claim too many',
    () => 'claims of the wrong type',
    (kind, claims) => forge(kind, claims, { claims: { admin: true } }),
  ],
  ['that is an access token', () => 'ERR_JOSE_ALG_NOT_ALLOWED ES256 at+jwt', () => accessTokens.sign(newId(), newId())],
  ['that is a ticket for a socket', () => SIGNATURE, () => socketTickets.issue(newId(), newId(), newId())],
  ['that is a refresh token', () => 'no JWT', async () => (await makePerson(api.isolate)).refreshToken],
  ['that is too long to read', () => 'too long', () => 'x'.repeat(5_000)],
  ['that is only two dots', () => 'ERR_JWS_INVALID', () => '..'],
]

describe.each(PASSING_KINDS)('a token of the kind $type', (kind, claims) => {
  it('is taken when it is as ours are, and says what it was given', async () => {
    const id = newId()
    const own: Passed<Claims> = await passingTokens.open(kind, await passingTokens.sign(kind, claims, id))
    expect(own).toMatchObject({ id, claims })
    expect((await passingTokens.open(kind, await forge(kind, claims))).claims).toEqual(claims)
  })

  it.each(FORGERIES)('%s is refused, and the log knows why (R7.8, R8.12)', async (_what, reason, make) => {
    const token = await make(kind, claims)
    await expect(passingTokens.open(kind, token)).rejects.toMatchObject({
      name: 'TokenRefused',
      message: reason(kind.type),
    })
  })

  it('stands in for no other kind', async () => {
    const other: PassingKind<Claims> = { ...kind, type: 'another-kind+jwt' }
    await expect(passingTokens.open(other, await forge(kind, claims))).rejects.toMatchObject({ message: claim('typ') })
  })
})

it('whatever is wrong with a temporary token, the answer is the same (R8.12)', async () => {
  const claims = { sub: newId(), type: 'mfa-temp', by: 'password', pwd: null }
  const answers = new Set<string>()
  for (const [, , make] of FORGERIES) {
    const tempToken = await make(TEMP_TOKEN, claims)
    if (tempToken.length > 2_000) continue
    const { status, body } = await api.post('/v1/auth/mfa/verify', { tempToken, mfaCode: '123456' })
    const { timestamp: _when, correlationId: _which, ...same } = body
    answers.add(JSON.stringify([status, same]))
  }
  expect([...answers]).toHaveLength(1)
  expect([...answers][0]).toContain('INVALID_TOKEN')
})
