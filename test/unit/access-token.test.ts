import { env } from 'cloudflare:workers'
import {
  base64url,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import { newId } from '../../src/platform/ids.ts'
import { ACCESS_TOKEN_SECONDS, AccessTokens } from '../../src/platform/security/access-token.ts'
import { utf8 } from '../../src/platform/security/encoding.ts'
import { createApi } from '../support/api.ts'
import { makePerson, type TestPerson } from '../support/people.ts'

const api = createApi()
const [ourKey] = JSON.parse(env.JWT_SIGNING_KEYS as string) as [JWK]
const names = { issuer: 'selvage', audience: 'selvage-api' }
const ourHeader = { alg: 'ES256', kid: ourKey.kid as string, typ: 'at+jwt' }

interface Parts {
  header?: Record<string, unknown>
  /** Undefined leaves a claim out. */
  claims?: Record<string, unknown>
  key?: JWK | Uint8Array
}

/** A token as ours are, but for what the test changes. */
async function forge({ id, sessionId }: TestPerson, { header, claims, key = ourKey }: Parts = {}): Promise<string> {
  const { issuer: iss, audience: aud } = names
  const all = { iss, aud, sub: id, sid: sessionId, iat: seconds(), exp: seconds() + 900, ...claims }
  const stated = Object.entries(all).filter(([, value]) => value !== undefined)
  return new SignJWT(Object.fromEntries(stated) as JWTPayload)
    .setProtectedHeader({ ...ourHeader, ...header })
    .sign(key instanceof Uint8Array ? key : await importJWK(key, 'ES256'))
}

const seconds = () => Math.floor(Date.now() / 1_000)

/** The three parts put together, whoever may have signed them. */
function assemble(header: object, claims: object, signature: string): string {
  return [...[header, claims].map((part) => base64url.encode(JSON.stringify(part))), signature].join('.')
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(base64url.decode(token.split('.')[1] ?? '')))
const signatureOf = (token: string) => token.split('.')[2] ?? ''

async function makeKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
}

const publicHalf = ({ x, y }: JWK) => ({ kty: 'EC', crv: 'P-256', x, y }) as JWK

async function publicPem(key: JWK): Promise<string> {
  return exportSPKI((await importJWK(publicHalf(key), 'ES256', { extractable: true })) as CryptoKey)
}

const claim = (name: string) => `ERR_JWT_CLAIM_VALIDATION_FAILED ${name}`
const algorithm = (alg: string, typ = 'at+jwt') => `ERR_JOSE_ALG_NOT_ALLOWED ${alg} ${typ}`
const OWN_KEY = 'brings its own key'
const SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'
const UNKNOWN_KEY = 'ERR_JWKS_NO_MATCHING_KEY'
const FORM = 'ERR_JWS_INVALID'
const OPAQUE = 'no JWT'
const CLAIM_TYPE = 'token claims are of the wrong type'

/** What the token is, the numbers that its refusal proves, what the log learns, and how it is made. */
type Forgery = [name: string, proves: string, reason: string, make: (person: TestPerson) => string | Promise<string>]

const HEADERS: Forgery[] = [
  [
    'signed by nobody',
    ' (R7.8)',
    algorithm('none'),
    ({ accessToken }) => assemble({ ...ourHeader, alg: 'none' }, claimsOf(accessToken), ''),
  ],
  [
    'without an algorithm',
    '',
    FORM,
    ({ accessToken: t }) => assemble({ ...ourHeader, alg: undefined }, claimsOf(t), signatureOf(t)),
  ],
  [
    'signed by HMAC with our public key for its secret',
    ' (R7.8)',
    algorithm('HS256'),
    async (person) => forge(person, { header: { alg: 'HS256' }, key: utf8(await publicPem(ourKey)) }),
  ],
  [
    'signed by HMAC with our published key, as it stands, for its secret',
    '',
    algorithm('HS256'),
    async (person) => {
      const { keys } = await api.isolate.accessTokens.publicKeys()
      return forge(person, { header: { alg: 'HS256' }, key: utf8(JSON.stringify(keys[0])) })
    },
  ],
  ['of no type', '', claim('typ'), (person) => forge(person, { header: { typ: undefined } })],
  ['of the type of any JWT', ' (R7.8)', claim('typ'), (person) => forge(person, { header: { typ: 'JWT' } })],
  [
    'by a key that we do not know',
    '',
    UNKNOWN_KEY,
    async (person) => forge(person, { header: { kid: 'unknown' }, key: await makeKey('unknown') }),
  ],
  ['by a key that says it is ours', '', SIGNATURE, async (person) => forge(person, { key: await makeKey('forged') })],
  [
    'that brings its own key to be checked with',
    ' (R7.8)',
    OWN_KEY,
    async (person) => {
      const key = await makeKey('forged')
      return forge(person, { header: { jwk: publicHalf(key) }, key })
    },
  ],
  [
    'that brings its own key under a name of its own',
    '',
    OWN_KEY,
    async (person) => {
      const key = await makeKey('forged')
      return forge(person, { header: { jwk: publicHalf(key), kid: 'forged' }, key })
    },
  ],
  [
    'that sends us elsewhere for its key',
    '',
    OWN_KEY,
    async (person) => forge(person, { header: { jku: 'https://evil.example/keys' }, key: await makeKey('forged') }),
  ],
  [
    'that demands an extension which we do not know',
    '',
    'ERR_JOSE_NOT_SUPPORTED',
    ({ accessToken: t }) => assemble({ ...ourHeader, crit: ['evil'], evil: 1 }, claimsOf(t), signatureOf(t)),
  ],
]

const CLAIMS: Forgery[] = [
  ['for another audience', ' (R7.8)', claim('aud'), (person) => forge(person, { claims: { aud: 'selvage-web' } })],
  ['for no audience', '', claim('aud'), (person) => forge(person, { claims: { aud: undefined } })],
  [
    'from another issuer',
    ' (R7.8)',
    claim('iss'),
    (person) => forge(person, { claims: { iss: 'https://evil.example' } }),
  ],
  ['from no issuer', '', claim('iss'), (person) => forge(person, { claims: { iss: undefined } })],
  ['that has expired', ' (R7.7)', 'ERR_JWT_EXPIRED', (person) => forge(person, { claims: { exp: seconds() } })],
  ['that never expires', '', claim('exp'), (person) => forge(person, { claims: { exp: undefined } })],
  ['that expires in words', '', claim('exp'), (person) => forge(person, { claims: { exp: 'tomorrow' } })],
  ['that is not good yet', '', claim('nbf'), (person) => forge(person, { claims: { nbf: seconds() + 600 } })],
  ['without a session', '', claim('sid'), (person) => forge(person, { claims: { sid: undefined } })],
  ['without a caller', '', claim('sub'), (person) => forge(person, { claims: { sub: undefined } })],
  ['whose caller is a number', '', CLAIM_TYPE, (person) => forge(person, { claims: { sub: 42 } })],
  ['whose session is a list', '', CLAIM_TYPE, (person) => forge(person, { claims: { sid: [person.sessionId] } })],
]

const WHOLES: Forgery[] = [
  [
    'with the signature of another token of the same caller',
    '',
    SIGNATURE,
    async (person) => {
      const another = await forge(person, { claims: { jti: 'another' } })
      return assemble(ourHeader, claimsOf(person.accessToken), signatureOf(another))
    },
  ],
  [
    'whose caller was changed after it was signed',
    '',
    SIGNATURE,
    ({ accessToken: t }) => assemble(ourHeader, { ...claimsOf(t), sub: newId() }, signatureOf(t)),
  ],
  ['with half a signature', '', SIGNATURE, ({ accessToken }) => accessToken.slice(0, -43)],
  ['that is a refresh token', ' (R7.7, R7.8)', OPAQUE, ({ refreshToken }) => refreshToken],
  [
    'that is the temporary one between two steps of a sign-in',
    ' (R8.12, R7.8)',
    algorithm('HS256', 'mfa-temp+jwt'),
    ({ id }) =>
      api.isolate.passingTokens.sign(TEMP_TOKEN, { sub: id, type: 'mfa-temp', by: 'password', pwd: null }, newId()),
  ],
  [
    'that is a ticket for a socket',
    ' (R7.8)',
    algorithm('HS256', 'ws-ticket+jwt'),
    ({ id, sessionId }) => api.isolate.socketTickets.issue(id, sessionId, newId()),
  ],
  [
    'that is too long to read',
    '',
    'token too long',
    (person) => forge(person, { claims: { more: 'x'.repeat(2_000) } }),
  ],
  ['that is only two dots', '', FORM, () => '..'],
  ['that is no token at all', '', OPAQUE, () => 'nonsense'],
]

describe('an access token', () => {
  it('says whose it is, of which session, for whom and for how long (R7.7)', async () => {
    const [userId, sessionId] = [newId(), newId()]
    const tokens = new AccessTokens([ourKey], names, () => 1_800_000_000_500)
    const token = await tokens.sign(userId, sessionId)
    expect(claimsOf(token)).toEqual({
      iss: 'selvage',
      aud: 'selvage-api',
      sub: userId,
      sid: sessionId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: 1_800_000_000,
      exp: 1_800_000_900,
    })
    expect(await tokens.verify(token)).toEqual({ userId, sessionId, expiresAt: 1_800_000_900_000 })
    expect(claimsOf(await tokens.sign(userId, sessionId)).jti).not.toBe(claimsOf(token).jti)
  })

  it('is taken when it is as ours are: the forged ones differ from this in one thing each', async () => {
    const person = await makePerson(api.isolate)
    expect((await api.as({ accessToken: await forge(person) }).get('/v1/auth/me')).status).toBe(200)
    const again = assemble(ourHeader, claimsOf(person.accessToken), signatureOf(person.accessToken))
    expect(again).toBe(person.accessToken)
  })

  it.each([...HEADERS, ...CLAIMS, ...WHOLES])(
    '%s is refused like any other%s',
    async (_name, _proves, reason, make) => {
      const person = await makePerson(api.isolate)
      const accessToken = await make(person)
      await expect(api.isolate.accessTokens.verify(accessToken)).rejects.toMatchObject({ name: 'Refusal', reason })
      const { status, headers, body } = await api.as({ accessToken }).get('/v1/auth/me')
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(body).toEqual({
        success: false,
        statusCode: 401,
        code: 'UNAUTHENTICATED',
        message: 'Authentication is required',
        timestamp: expect.any(String),
        path: '/v1/auth/me',
        method: 'GET',
        correlationId: expect.any(String),
      })
    },
  )

  it('with noise in it is refused, and never a fault of ours', async () => {
    const { accessToken } = await makePerson(api.isolate)
    // The last character is left alone: four of its bits mean nothing.
    for (let at = 0; at < accessToken.length - 1; at += 7) {
      for (const noise of ['', '.', 'A', '~', '=']) {
        const token = accessToken.slice(0, at) + noise + accessToken.slice(at + 1)
        if (token === accessToken) continue
        const refused = await api.isolate.accessTokens.verify(token).catch((error: unknown) => error)
        expect(refused, token).toMatchObject({ code: 'UNAUTHENTICATED' })
      }
    }
  })
})

describe('two live keys', () => {
  const claims = { userId: newId(), sessionId: newId() }
  const sign = (tokens: AccessTokens) => tokens.sign(claims.userId, claims.sessionId)

  it('sign with the first and verify with both, so that keys can be rotated', async () => {
    const [newKey, oldKey] = [await makeKey('new'), await makeKey('old')]
    const withKeys = (...keys: JWK[]) => new AccessTokens(keys, names, Date.now)
    const [before, during, after] = [withKeys(oldKey), withKeys(newKey, oldKey), withKeys(newKey)]
    const [fromOld, fromNew] = [await sign(before), await sign(during)]
    expect(await during.verify(fromOld)).toMatchObject(claims)
    expect(await during.verify(fromNew)).toMatchObject(claims)
    expect(await after.verify(fromNew)).toMatchObject(claims)
    await expect(after.verify(fromOld)).rejects.toMatchObject({ reason: UNKNOWN_KEY })
    await expect(before.verify(fromNew)).rejects.toMatchObject({ reason: UNKNOWN_KEY })
  })

  it('are published by their public halves only, with which anybody can check our tokens', async () => {
    const keys = [await makeKey('new'), await makeKey('old')]
    const rotating = createApi({ settings: { JWT_SIGNING_KEYS: JSON.stringify(keys) } })
    const { status, headers, response } = await rotating.get('/.well-known/jwks.json')
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300'])
    const published = await response.json<{ keys: JWK[] }>()
    expect(published).toEqual({
      keys: keys.map(({ kid, x, y }) => ({ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' })),
    })
    const { payload } = await jwtVerify(await sign(rotating.isolate.accessTokens), createLocalJWKSet(published))
    expect(payload).toMatchObject({ sub: claims.userId, sid: claims.sessionId })
  })
})

describe('a token that was verified before', () => {
  it('is not checked again, and yet not taken once it has expired (R7.7)', async () => {
    let time = 1_800_000_000_000
    const tokens = new AccessTokens([ourKey], names, () => time)
    const token = await tokens.sign(newId(), newId())
    const check = vi.spyOn(crypto.subtle, 'verify')
    try {
      const first = await tokens.verify(token)
      time += ACCESS_TOKEN_SECONDS * 1_000 - 1
      expect(await tokens.verify(token)).toEqual(first)
      expect(check).toHaveBeenCalledTimes(1)
      time += 1
      await expect(tokens.verify(token)).rejects.toMatchObject({ reason: 'ERR_JWT_EXPIRED' })
      expect(check).toHaveBeenCalledTimes(2)
    } finally {
      check.mockRestore()
    }
  })

  it('makes no other pass, and a refused one is refused again', async () => {
    const person = await makePerson(api.isolate)
    const { accessTokens } = api.isolate
    const expired = await forge(person, { claims: { exp: seconds() } })
    await accessTokens.verify(person.accessToken)
    for (const token of [`${person.accessToken}.`, expired, expired]) {
      await expect(accessTokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
  })
})
