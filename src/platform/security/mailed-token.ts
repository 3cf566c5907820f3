import { sha256Hex, utf8 } from './encoding.ts'

/** HMAC-SHA-256 as 64 hex digits. */
async function hmacHex(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(text))).toHex()
}

/**
 * The token of a mail, 256 bits as 64 hex digits, and the SHA-256 by which it is kept. It is derived from what asked
 * for it, the id of an event, so that it stands in clear in the mail and nowhere else, and a repeated message makes the
 * same one.
 */
export async function deriveMailedToken(
  key: Uint8Array<ArrayBuffer>,
  { purpose, requestId }: { purpose: string; requestId: string },
): Promise<{ token: string; hash: string }> {
  const token = await hmacHex(key, `${purpose}:${requestId}`)
  return { token, hash: await sha256Hex(token) }
}

/** An address in a place where it must not stand: the same address has the same one, and nobody can guess back. */
export async function addressKey(key: Uint8Array<ArrayBuffer>, address: string): Promise<string> {
  return (await hmacHex(key, `address:${address}`)).slice(0, 32)
}
