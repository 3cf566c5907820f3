import { sha256Hex } from './encoding.ts'
import { type HashingKeys, keyedHashHex } from './keyed-hash.ts'

/** A token as its mail shows it, and the SHA-256 by which it is kept and found. */
export interface MailedToken {
  token: string
  hash: string
}

/** What a token is derived from: its purpose and the id of the event that asked for it. */
export interface TokenOrigin {
  purpose: string
  requestId: string
}

/**
 * The token of a mail, 256 bits as 64 hex digits, under the first key. It is derived from what asked for it, so that it
 * stands in clear in the mail and nowhere else, and a repeated message makes the same one.
 */
export async function deriveMailedToken(
  [{ key }]: HashingKeys,
  { purpose, requestId }: TokenOrigin,
): Promise<MailedToken> {
  const token = await keyedHashHex(key, `${purpose}:${requestId}`)
  return { token, hash: await sha256Hex(token) }
}

/** The token that was kept as `hash`, whichever key made it. Undefined where that key is gone. */
export async function deriveKeptToken(
  [first, ...former]: HashingKeys,
  origin: TokenOrigin,
  hash: string,
): Promise<string | undefined> {
  const made = await Promise.all([first, ...former].map((key) => deriveMailedToken([key], origin)))
  return made.find((one) => one.hash === hash)?.token
}

/**
 * An address in a place where it must not stand: the same address has the same one, and nobody can guess back. Under a
 * new first key it has another one, so what was noted before stands apart in the trail.
 */
export async function addressKey([{ key }]: HashingKeys, address: string): Promise<string> {
  return (await keyedHashHex(key, `address:${address}`)).slice(0, 32)
}
