import { errors, jwtVerify, SignJWT } from 'jose'
import { type Clock, SECOND_MS } from '../clock.ts'
import { unauthenticated } from '../errors.ts'
import type { TokenNames } from './access-token.ts'

export const TICKET_SECONDS = 60
const TYPE = 'ws-ticket+jwt'
const ALGORITHM = 'HS256'

export interface TicketClaims {
  /** The ticket's own id: it is redeemed once. */
  id: string
  userId: string
  sessionId: string
  /** Milliseconds. */
  expiresAt: number
}

/**
 * Browsers cannot set headers on a WebSocket, and a long-lived token has no place in a URL: a ticket
 * stands in for the access token for a minute, and works once.
 */
export class SocketTickets {
  readonly #key: Uint8Array
  readonly #names: TokenNames
  readonly #clock: Clock

  constructor(key: Uint8Array, names: TokenNames, clock: Clock) {
    this.#key = key
    this.#names = names
    this.#clock = clock
  }

  issue(userId: string, sessionId: string, id: string): Promise<string> {
    const now = Math.floor(this.#clock() / SECOND_MS)
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(this.#names.issuer)
      .setAudience(this.#names.audience)
      .setSubject(userId)
      .setJti(id)
      .setIssuedAt(now)
      .setExpirationTime(now + TICKET_SECONDS)
      .sign(this.#key)
  }

  async open(ticket: string): Promise<TicketClaims> {
    try {
      const { payload } = await jwtVerify(ticket, this.#key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.#names.issuer,
        audience: this.#names.audience,
        requiredClaims: ['sub', 'sid', 'jti', 'exp'],
        currentDate: new Date(this.#clock()),
      })
      const { sub, sid, jti, exp } = payload
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string' || exp === undefined) {
        throw unauthenticated('ticket claims are of the wrong type')
      }
      return { id: jti, userId: sub, sessionId: sid, expiresAt: exp * SECOND_MS }
    } catch (error) {
      if (error instanceof errors.JOSEError) throw unauthenticated(`ticket: ${error.code}`)
      throw error
    }
  }
}
