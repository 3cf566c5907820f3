import { errors, jwtVerify, SignJWT } from 'jose'
import type * as z from 'zod'
import { type Clock, SECOND_MS } from '../clock.ts'
import type { TokenNames } from './access-token.ts'
import { refusalReason, refusedBeforehand } from './token-refusal.ts'

const ALGORITHM = 'HS256'
const MAX_LENGTH = 4_000

/** One kind of short-lived token: what it is called, how long it lives, and what it carries. */
export interface PassingKind<C> {
  /** The `typ` of its header: no kind can stand in for another, nor for an access token. */
  type: `${string}+jwt`
  seconds: number
  claims: z.ZodType<C>
}

export interface Passed<C> {
  /** Unique: `spend` writes it into the batch of the token's effect, so that it has one. */
  id: string
  claims: C
  /** Milliseconds. */
  expiresAt: number
}

/** A token that is not good; why is for the log, as the caller is told the same whatever it is. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
}

/**
 * Signs what a client carries from one step of a sign-in to the next: who has shown a password already, which
 * challenge a passkey must answer. Signed, not sealed: what nobody may read is put in with a `SealedBox`.
 */
export class PassingTokens {
  readonly #key: Uint8Array
  readonly #names: TokenNames
  readonly #clock: Clock

  constructor(key: Uint8Array, names: TokenNames, clock: Clock) {
    this.#key = key
    this.#names = names
    this.#clock = clock
  }

  sign<C extends Record<string, unknown>>(kind: PassingKind<C>, claims: C, id: string): Promise<string> {
    const now = Math.floor(this.#clock() / SECOND_MS)
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: kind.type })
      .setIssuer(this.#names.issuer)
      .setAudience(this.#names.audience)
      .setJti(id)
      .setIssuedAt(now)
      .setExpirationTime(now + kind.seconds)
      .sign(this.#key)
  }

  /** @throws TokenRefused */
  async open<C>(kind: PassingKind<C>, token: string): Promise<Passed<C>> {
    if (token.length > MAX_LENGTH) throw new TokenRefused('too long')
    const reason = refusedBeforehand(token)
    if (reason !== undefined) throw new TokenRefused(reason)
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        typ: kind.type,
        issuer: this.#names.issuer,
        audience: this.#names.audience,
        requiredClaims: ['jti', 'exp', 'iat'],
        currentDate: new Date(this.#clock()),
      })
      const { jti, exp, iat: _iat, iss: _iss, aud: _aud, ...rest } = payload
      const claims = kind.claims.safeParse(rest)
      if (jti === undefined || exp === undefined || !claims.success) throw new TokenRefused('claims of the wrong type')
      return { id: jti, claims: claims.data, expiresAt: exp * SECOND_MS }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new TokenRefused(refusalReason(error, token))
      throw error
    }
  }
}
