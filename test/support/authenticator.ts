import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { fromBase64Url, toBase64Url, utf8 } from '../../src/platform/security/encoding.ts'

/** What a test makes different from what a good authenticator and browser do. */
export interface Quirks {
  origin?: string
  rpId?: string
  challenge?: string
  /** The counter that it says; else one more than last time. */
  counter?: number
  isVerified?: boolean
  /** `null`: says nothing of whose it is. */
  userHandle?: string | null
  /** The type in the client's data. */
  type?: string
  /** Another statement than none: its format and its map. */
  attestation?: [format: string, statement: Cbor]
}

const FLAGS = { present: 1, verified: 4, backupEligible: 8, backedUp: 16, attested: 64 }

/** An authenticator and a browser in one, as WebAuthn Level 3 describes them: one key, on ES256. */
export class TestAuthenticator {
  readonly id = toBase64Url(crypto.getRandomValues(new Uint8Array(24)))
  counter = 0
  readonly #origin: string
  readonly #rpId: string
  #keys: CryptoKeyPair | undefined
  #userHandle = ''

  constructor(origin = 'http://localhost:8787', rpId = 'localhost') {
    this.#origin = origin
    this.#rpId = rpId
  }

  async create(
    options: { challenge: string; user: { id: string } },
    quirks: Quirks = {},
  ): Promise<RegistrationResponseJSON> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    this.#keys = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
    this.#userHandle = options.user.id
    const jwk = (await crypto.subtle.exportKey('jwk', this.#keys.publicKey)) as JsonWebKey
    const cose = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, read(jwk.x)],
        [-3, read(jwk.y)],
      ]),
    )
    const id = read(this.id)
    const attested = join(new Uint8Array(16), uint16(id.length), id, cose)
    const authData = join(await this.#head(FLAGS.attested, quirks), attested)
    const [format, statement] = quirks.attestation ?? ['none', new Map()]
    const attestation = new Map<string, Cbor>([
      ['fmt', format],
      ['attStmt', statement],
      ['authData', authData],
    ])
    return {
      ...{ id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON: this.#clientData('webauthn.create', options.challenge, quirks),
        attestationObject: toBase64Url(cbor(attestation)),
        transports: ['internal'],
      },
    }
  }

  async get(options: { challenge: string }, quirks: Quirks = {}): Promise<AuthenticationResponseJSON> {
    if (!this.#keys) throw new Error('It has no key yet')
    const authData = await this.#head(0, quirks)
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, quirks)
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', read(clientDataJSON)))
    const how = { name: 'ECDSA', hash: 'SHA-256' }
    const raw = new Uint8Array(await crypto.subtle.sign(how, this.#keys.privateKey, join(authData, hash)))
    const userHandle = quirks.userHandle === undefined ? this.#userHandle : quirks.userHandle
    return {
      ...{ id: this.id, rawId: this.id, type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON,
        authenticatorData: toBase64Url(authData),
        signature: toBase64Url(der(raw)),
        ...(userHandle === null ? {} : { userHandle }),
      },
    }
  }

  async #head(more: number, { rpId = this.#rpId, isVerified = true, counter }: Quirks): Promise<Bytes> {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(rpId)))
    const flags = more | FLAGS.present | FLAGS.backupEligible | FLAGS.backedUp | (isVerified ? FLAGS.verified : 0)
    this.counter = counter ?? this.counter + 1
    return join(hash, Uint8Array.of(flags), uint16(this.counter >> 16), uint16(this.counter & 0xffff))
  }

  #clientData(type: string, challenge: string, quirks: Quirks): string {
    const origin = quirks.origin ?? this.#origin
    const data = { type: quirks.type ?? type, challenge: quirks.challenge ?? challenge, origin, crossOrigin: false }
    return toBase64Url(utf8(JSON.stringify(data)))
  }
}

type Bytes = Uint8Array<ArrayBuffer>
export type Cbor = number | string | Bytes | Cbor[] | Map<number, Cbor> | Map<string, Cbor>

/** As much of CBOR as an attestation needs. */
function cbor(value: Cbor): Bytes {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return join(head(3, utf8(value).length), utf8(value))
  if (value instanceof Uint8Array) return join(head(2, value.length), value)
  if (Array.isArray(value)) return join(head(4, value.length), ...value.map(cbor))
  const entries = [...(value as Map<string | number, Cbor>)]
  return join(head(5, entries.length), ...entries.flatMap(([key, inner]) => [cbor(key), cbor(inner)]))
}

function head(major: number, length: number): Bytes {
  if (length < 24) return Uint8Array.of((major << 5) | length)
  return length < 256
    ? Uint8Array.of((major << 5) | 24, length)
    : join(Uint8Array.of((major << 5) | 25), uint16(length))
}

/** WebCrypto's r and s, as the signatures of authenticators have them. */
function der(raw: Bytes): Bytes {
  const [r, s] = [integer(raw.slice(0, 32)), integer(raw.slice(32))]
  return join(Uint8Array.of(0x30, r.length + s.length), r, s)
}

function integer(bytes: Bytes): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0)
  const short = bytes.slice(Math.max(0, first))
  const signed = (short[0] ?? 0) > 127 ? join(Uint8Array.of(0), short) : short
  return join(Uint8Array.of(2, signed.length), signed)
}

function uint16(value: number): Bytes {
  return Uint8Array.of(value >> 8, value & 0xff)
}

function join(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function read(text: string | undefined): Bytes {
  const bytes = fromBase64Url(text ?? '')
  if (!bytes) throw new Error('Not base64url')
  return bytes
}
