const encoder = new TextEncoder()

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(text))
}

export function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true })
}

/** Undefined for anything but canonical base64url without padding, so that one value has one spelling. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: 'base64url' })
    return toBase64Url(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

export async function sha256Hex(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))).toHex()
}

/** Tells values apart by what their JSON says: 128 bits, as hex. */
export async function digestOf(value: unknown): Promise<string> {
  return (await sha256Hex(JSON.stringify(value))).slice(0, 32)
}

/** 192 random bits: nobody guesses it. */
export function randomToken(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(24)))
}

/** In time that depends on the lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)
}
