import { scrypt } from 'node:crypto'
import { Refusal } from '../errors.ts'
import { equalBytes } from './encoding.ts'

/**
 * scrypt with 32 MiB: a set of OWASP's that fits an isolate. PBKDF2 would not do: the platform caps it
 * at 100,000 iterations in production, though the local runtime does not.
 */
const COST: PasswordCost = { log2N: 15, r: 8, p: 3 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** A hash takes about 0.3 s and blocks its isolate: more than this many waiting is a refusal. */
const MAX_WAITING = 8
const RETRY_AFTER_SECONDS = 3

/** What a hash costs: scrypt's parameters, N as its logarithm. */
export interface PasswordCost {
  log2N: number
  r: number
  p: number
}

/** Hashes passwords one at a time. One per isolate: it guards the isolate's memory and its clock. */
export class PasswordHasher {
  readonly #cost: PasswordCost
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Another cost than ours is for tests that hash by the thousand. */
  constructor(cost: PasswordCost = COST) {
    this.#cost = cost
  }

  /** A PHC string: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
  async hash(password: string): Promise<string> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
    const { log2N, r, p } = this.#cost
    const hash = await this.#queued(() => derive(password, salt, this.#cost, HASH_BYTES))
    return `$scrypt$ln=${log2N},r=${r},p=${p}$${phcBase64(salt)}$${phcBase64(hash)}`
  }

  async verify(password: string, phc: string): Promise<{ matches: boolean; needsRehash: boolean }> {
    const stored = parsePhc(phc)
    const hash = await this.#queued(() => derive(password, stored.salt, stored.parameters, stored.hash.byteLength))
    const { log2N, r, p } = stored.parameters
    return {
      matches: equalBytes(hash, stored.hash),
      needsRehash: log2N !== this.#cost.log2N || r !== this.#cost.r || p !== this.#cost.p,
    }
  }

  /** The work of a `verify` whose answer is known to be no: an unknown account takes as long as a known one. */
  async verifyNothing(password: string): Promise<void> {
    await this.#queued(() => derive(password, new Uint8Array(SALT_BYTES), this.#cost, HASH_BYTES))
  }

  async #queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) {
      throw new Refusal('UNAVAILABLE', 'Too many sign-ins at once. Try again shortly.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        reason: 'password hashing queue is full',
      })
    }
    this.#waiting += 1
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
    }
  }
}

function derive(password: string, salt: Uint8Array, parameters: PasswordCost, bytes: number): Promise<Uint8Array> {
  const { log2N, r, p } = parameters
  const N = 2 ** log2N
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem: 128 * N * r * 2 }, (error, key) => {
      if (error) reject(error)
      else resolve(new Uint8Array(key))
    })
  })
}

function parsePhc(phc: string): { parameters: PasswordCost; salt: Uint8Array; hash: Uint8Array } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  const [, log2N, r, p, salt, hash] = match ?? []
  if (!salt || !hash) throw new Error('The stored password hash is not a PHC scrypt string')
  return {
    parameters: { log2N: Number(log2N), r: Number(r), p: Number(p) },
    salt: Uint8Array.fromBase64(salt),
    hash: Uint8Array.fromBase64(hash),
  }
}

/** PHC strings use base64 without padding. */
function phcBase64(bytes: Uint8Array): string {
  return bytes.toBase64({ omitPadding: true })
}
