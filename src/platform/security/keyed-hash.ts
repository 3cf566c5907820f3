import { utf8 } from './encoding.ts'

export interface HashingKey {
  /** Stands before what it hashed. Empty for the key that was configured without an id, which hashed without a name. */
  id: string
  /** 32 bytes or more. */
  key: Uint8Array<ArrayBuffer>
}

/** The first makes what is new; what the others made is still known. */
export type HashingKeys = readonly [HashingKey, ...HashingKey[]]

/** HMAC-SHA-256 in hex: who has the database but not the key can compare nothing with it. */
export async function keyedHashHex(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, utf8(text))).toHex()
}

/** What is kept of a text for years: `keyId:hex` under the first key, or the hex alone where that key has no id. */
export async function namedHash([{ id, key }]: HashingKeys, text: string): Promise<string> {
  const hex = await keyedHashHex(key, text)
  return id === '' ? hex : `${id}:${hex}`
}

/** All that may have been kept of a text, under whichever key: one query looks for them all. */
export async function namedHashes([first, ...former]: HashingKeys, text: string): Promise<string[]> {
  const hashes = [first, ...former].map(async ({ id, key }) => {
    const hex = await keyedHashHex(key, text)
    // A key may have got its id after it had hashed.
    return id === '' ? [hex] : [`${id}:${hex}`, hex]
  })
  return (await Promise.all(hashes)).flat()
}
