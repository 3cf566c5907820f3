import { parse, stringify } from 'uuid'
import { equalBytes, fromBase64Url, sha256Hex, toBase64Url } from './encoding.ts'

const SESSION_BYTES = 16
const GENERATION_BYTES = 4
const MAC_BYTES = 32

export interface RefreshClaims {
  sessionId: string
  generation: number
}

/**
 * A refresh token is derived, not drawn: base64url(session id, generation, HMAC(key, both)). So a
 * client that lost an answer can be given the very same successor again, and only a hash is stored.
 */
export class RefreshTokens {
  readonly #keys: Promise<CryptoKey>[]

  /** Raw keys: the first derives, all are accepted, so that keys can be rotated. */
  constructor(keys: Uint8Array<ArrayBuffer>[]) {
    this.#keys = keys.map((key) =>
      crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
    )
  }

  async derive(claims: RefreshClaims): Promise<{ token: string; hash: string }> {
    const body = encodeClaims(claims)
    const token = toBase64Url(concat(body, await mac(await this.#key(0), body)))
    return { token, hash: await sha256Hex(token) }
  }

  /** The claims of a token that one of our keys has made; undefined for anything else. Reads no database. */
  async open(token: string): Promise<RefreshClaims | undefined> {
    const bytes = fromBase64Url(token)
    if (bytes?.byteLength !== SESSION_BYTES + GENERATION_BYTES + MAC_BYTES) return undefined
    const body = bytes.slice(0, SESSION_BYTES + GENERATION_BYTES)
    const given = bytes.slice(SESSION_BYTES + GENERATION_BYTES)
    for (const [i] of this.#keys.entries()) {
      if (equalBytes(given, await mac(await this.#key(i), body))) return decodeClaims(body)
    }
    return undefined
  }

  #key(index: number): Promise<CryptoKey> {
    const key = this.#keys[index]
    if (key === undefined) throw new Error('There is no refresh token key')
    return key
  }
}

async function mac(key: CryptoKey, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, body))
}

function encodeClaims({ sessionId, generation }: RefreshClaims): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(SESSION_BYTES + GENERATION_BYTES)
  body.set(parse(sessionId))
  new DataView(body.buffer).setUint32(SESSION_BYTES, generation)
  return body
}

function decodeClaims(body: Uint8Array<ArrayBuffer>): RefreshClaims | undefined {
  try {
    return {
      sessionId: stringify(body.slice(0, SESSION_BYTES)),
      generation: new DataView(body.buffer).getUint32(SESSION_BYTES),
    }
  } catch {
    return undefined
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.byteLength + b.byteLength)
  joined.set(a)
  joined.set(b, a.byteLength)
  return joined
}
