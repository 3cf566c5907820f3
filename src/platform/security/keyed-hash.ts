import { utf8 } from './encoding.ts'

/** HMAC-SHA-256 in hex: who has the database but not the key can compare nothing with it. */
export async function keyedHashHex(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(text))).toHex()
}
