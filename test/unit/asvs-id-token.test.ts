import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/platform/security/encoding.ts'
import { createOpenIdProvider } from '../../src/platform/sign-in/openid-provider.ts'

const ISSUER = 'https://loom.example'
const SECRET = 'the secret that the provider and we share'
const attempt = {
  state: 'a-state',
  nonce: 'a-nonce',
  verifier: 'v'.repeat(43),
  redirectUri: 'https://pages.example/back',
}
const seconds = () => Math.floor(Date.now() / 1_000)

interface Forged {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: CryptoKey | Uint8Array
}

let ours: CryptoKeyPair
let theirs: CryptoKeyPair
beforeAll(async () => {
  ours = await generateKeyPair('RS256', { extractable: true })
  theirs = await generateKeyPair('RS256', { extractable: true })
})

/** An ID token as the provider makes them, but for what the test changes; undefined leaves a claim out. */
function idToken({ header, claims, key = ours.privateKey }: Forged = {}): Promise<string> {
  const right = { iss: ISSUER, aud: 'selvage', sub: 'maya', nonce: attempt.nonce, iat: seconds(), exp: seconds() + 300 }
  const stated = Object.entries({ ...right, email: 'maya@people.test', email_verified: true, ...claims })
  return new SignJWT(Object.fromEntries(stated.filter(([, value]) => value !== undefined)) as JWTPayload)
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .sign(key)
}

/** What we take from a provider that answers this. */
async function redeem(token: string | undefined) {
  const { n, e } = await exportJWK(ours.publicKey)
  const answers: Record<string, object> = {
    '/.well-known/openid-configuration': {
      ...{ issuer: ISSUER, authorization_endpoint: `${ISSUER}/in`, token_endpoint: `${ISSUER}/token` },
      ...{ jwks_uri: `${ISSUER}/keys`, id_token_signing_alg_values_supported: ['RS256'] },
    },
    '/keys': { keys: [{ kty: 'RSA', kid: 'one', alg: 'RS256', use: 'sig', n, e }] },
    '/token': { access_token: 'opaque', token_type: 'Bearer', ...(token === undefined ? {} : { id_token: token }) },
  }
  const outbound = async (url: RequestInfo | URL) => Response.json(answers[new URL(String(url)).pathname])
  const provider = createOpenIdProvider(
    {
      id: 'loom',
      name: 'Loom',
      kind: 'oidc',
      issuer: ISSUER,
      clientId: 'selvage',
      clientSecret: SECRET,
      scopes: 'openid',
    },
    { outbound, allowPlain: false },
    Date.now,
  )
  return provider.redeem(new URLSearchParams({ code: 'a-code', state: attempt.state }), attempt)
}

describe('an ID token of a provider', () => {
  it('is taken when it is signed by the provider, for us and for this attempt', async () => {
    expect(await redeem(await idToken())).toMatchObject({ subject: 'maya', verifiedEmail: 'maya@people.test' })
  })

  it('without a signature of the provider’s own key, or for anything else than this attempt, is refused', async () => {
    const [, body, signature] = (await idToken()).split('.')
    const part = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '')
    const { n, e } = await exportJWK(theirs.publicKey)
    const forged: Record<string, string | undefined> = {
      none: undefined,
      'signed by nobody': `${part({ alg: 'none' })}.${body}.`,
      'with a signature cut off': `${part({ alg: 'RS256', kid: 'one' })}.${body}.`,
      'signed by another key': await idToken({ key: theirs.privateKey }),
      'that brings its own key': await idToken({ key: theirs.privateKey, header: { jwk: { kty: 'RSA', n, e } } }),
      'signed by HMAC with the shared secret': await idToken({ header: { alg: 'HS256' }, key: utf8(SECRET) }),
      'with the signature of another': `${(await idToken({ claims: { sub: 'eve' } })).split('.').slice(0, 2).join('.')}.${signature}`,
      'for another client': await idToken({ claims: { aud: 'another' } }),
      'of another issuer': await idToken({ claims: { iss: 'https://eve.example' } }),
      'for another attempt': await idToken({ claims: { nonce: 'another' } }),
      'for no attempt': await idToken({ claims: { nonce: undefined } }),
      'that has expired': await idToken({ claims: { exp: seconds() - 60 } }),
      'that never expires': await idToken({ claims: { exp: undefined } }),
    }
    for (const [what, token] of Object.entries(forged)) {
      await expect(redeem(token), what).rejects.toMatchObject({ name: 'ProviderRefused' })
    }
  })
})
