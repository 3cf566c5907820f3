import { createLocalJWKSet, errors, exportJWK, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { type Clock, SECOND_MS } from '../clock.ts'
import { unauthenticated } from '../errors.ts'
import { refusalReason, refusedBeforehand } from './token-refusal.ts'

export const ACCESS_TOKEN_SECONDS = 15 * 60
/** RFC 9068: says what the token is for, so that no other JWT of ours can stand in for it. */
const TYPE = 'at+jwt'
const ALGORITHM = 'ES256'
const MAX_REMEMBERED = 5_000
const MAX_LENGTH = 2_000

export interface AccessClaims {
  userId: string
  sessionId: string
  /** Milliseconds. */
  expiresAt: number
}

export interface TokenNames {
  issuer: string
  audience: string
}

/** Signs and verifies access tokens. One per isolate: it remembers what it has verified until that expires. */
export class AccessTokens {
  readonly #keys: JWK[]
  readonly #names: TokenNames
  readonly #clock: Clock
  readonly #verified = new Map<string, AccessClaims>()
  #publicKeys: Promise<{ keys: JWK[] }> | undefined

  /** `keys` are private JWKs: the first signs, all verify, so that keys can be rotated. */
  constructor(keys: JWK[], names: TokenNames, clock: Clock) {
    this.#keys = keys
    this.#names = names
    this.#clock = clock
  }

  async sign(userId: string, sessionId: string): Promise<string> {
    const key = this.#keys[0]
    if (key === undefined) throw new Error('There is no signing key')
    const now = Math.floor(this.#clock() / SECOND_MS)
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid as string, typ: TYPE })
      .setIssuer(this.#names.issuer)
      .setAudience(this.#names.audience)
      .setSubject(userId)
      .setJti(crypto.randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(await importJWK(key, ALGORITHM))
  }

  /** Refuses with one outside answer whatever is wrong; the reason goes to the log. */
  async verify(token: string): Promise<AccessClaims> {
    const remembered = this.#verified.get(token)
    if (remembered !== undefined) {
      if (remembered.expiresAt > this.#clock()) return remembered
      this.#verified.delete(token)
    }
    if (token.length > MAX_LENGTH) throw unauthenticated('token too long')
    const claims = await this.#check(token)
    if (this.#verified.size >= MAX_REMEMBERED) this.#forgetOldest()
    this.#verified.set(token, claims)
    return claims
  }

  /** The public half of the keys, for `/.well-known/jwks.json`. */
  publicKeys(): Promise<{ keys: JWK[] }> {
    this.#publicKeys ??= Promise.all(this.#keys.map(publicHalf)).then((keys) => ({ keys }))
    return this.#publicKeys
  }

  async #check(token: string): Promise<AccessClaims> {
    const reason = refusedBeforehand(token)
    if (reason !== undefined) throw unauthenticated(reason)
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(await this.publicKeys()), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.#names.issuer,
        audience: this.#names.audience,
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        currentDate: new Date(this.#clock()),
      })
      const { sub, sid, exp } = payload
      if (typeof sub !== 'string' || typeof sid !== 'string' || exp === undefined) {
        throw unauthenticated('token claims are of the wrong type')
      }
      return { userId: sub, sessionId: sid, expiresAt: exp * SECOND_MS }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated(refusalReason(error, token))
      throw error
    }
  }

  #forgetOldest(): void {
    const oldest = this.#verified.keys().next()
    if (!oldest.done) this.#verified.delete(oldest.value)
  }
}

async function publicHalf(key: JWK): Promise<JWK> {
  const { d: _private, ...half } = key
  const imported = await importJWK(half, ALGORITHM)
  return { ...(await exportJWK(imported as CryptoKey)), kid: key.kid as string, alg: ALGORITHM, use: 'sig' }
}
