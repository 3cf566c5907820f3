import { fromBase64Url, toBase64Url, utf8 } from './encoding.ts'

const NONCE_BYTES = 12

export interface SealingKey {
  /** Stands in what it seals, so that an older key still opens it. */
  id: string
  /** 32 bytes. */
  key: Uint8Array<ArrayBuffer>
}

/**
 * Seals what must be read again, such as a TOTP secret: AES-256-GCM under a fresh nonce, as `keyId.nonce.ciphertext`.
 * `context` is authenticated with it: what was sealed for one user or purpose opens for no other. The first key
 * seals, all open: with a new one in front, `isCurrent` tells what to seal anew.
 */
export class SealedBox {
  readonly #keys: readonly SealingKey[]
  readonly #imported = new Map<string, Promise<CryptoKey>>()

  constructor(keys: readonly SealingKey[]) {
    this.#keys = keys
  }

  async seal(text: string, context: string): Promise<string> {
    const sealing = this.#keys[0]
    if (sealing === undefined) throw new Error('There is no sealing key')
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(context) }
    const sealed = await crypto.subtle.encrypt(algorithm, await this.#import(sealing), utf8(text))
    return [sealing.id, toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join('.')
  }

  /** Undefined for what none of our keys sealed, for another context too, or what was altered. */
  async open(sealed: string, context: string): Promise<string | undefined> {
    const [id, nonce, ciphertext, ...more] = sealed.split('.')
    const opening = this.#keys.find((key) => key.id === id)
    const iv = fromBase64Url(nonce ?? '')
    const bytes = fromBase64Url(ciphertext ?? '')
    if (!opening || iv?.byteLength !== NONCE_BYTES || !bytes || more.length > 0) return undefined
    try {
      const algorithm = { name: 'AES-GCM', iv, additionalData: utf8(context) }
      const text = await crypto.subtle.decrypt(algorithm, await this.#import(opening), bytes)
      return new TextDecoder().decode(text)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'OperationError') return undefined
      throw error
    }
  }

  /** Whether it is sealed under the key that seals now. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${this.#keys[0]?.id}.`)
  }

  #import({ id, key }: SealingKey): Promise<CryptoKey> {
    const known = this.#imported.get(id)
    if (known) return known
    const imported = crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
    this.#imported.set(id, imported)
    return imported
  }
}
