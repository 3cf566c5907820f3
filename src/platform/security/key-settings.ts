import type { JWK } from 'jose'
import * as z from 'zod'
import { commaList } from '../text.ts'
import { fromBase64Url } from './encoding.ts'
import type { HashingKey, HashingKeys } from './keyed-hash.ts'
import type { SealingKey } from './sealed-box.ts'

const MIN_KEY_BYTES = 32

/** Undefined for what is no key, is too short, or is a pattern rather than random. */
function keyBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64Url(text)
  return bytes && bytes.byteLength >= MIN_KEY_BYTES && new Set(bytes).size > 8 ? bytes : undefined
}

/** Random bytes as base64url. */
export const key = z.string().transform((text, ctx) => {
  const bytes = keyBytes(text)
  if (bytes) return bytes
  ctx.addIssue({ code: 'custom', message: `must be ${MIN_KEY_BYTES} or more random bytes as base64url` })
  return z.NEVER
})

/** `id=hex, id=hex`: the first seals, all open. */
export const sealingKeys = commaList.transform((items, ctx): SealingKey[] => {
  const keys = items.flatMap((item): SealingKey[] => {
    const [, id, hex] = /^([\w-]{1,20})=([0-9a-f]{64})$/i.exec(item) ?? []
    if (id === undefined || hex === undefined) return []
    const bytes = Uint8Array.fromHex(hex)
    return new Set(bytes).size > 8 ? [{ id, key: bytes }] : []
  })
  const isGood = keys.length > 0 && keys.length === items.length && keys.length <= 4
  if (isGood && new Set(keys.map(({ id }) => id)).size === keys.length) return keys
  ctx.addIssue({
    code: 'custom',
    message: 'must be `id=KEY`, one to four with commas, each KEY 32 random bytes as hex',
  })
  return z.NEVER
})

/** `id=KEY, KEY`: the first makes what is new, what all made is known. One may stand without an id. */
export const hashingKeys = commaList.transform((items, ctx): HashingKeys => {
  const keys = items.flatMap((item): HashingKey[] => {
    const [, id = '', text = ''] = /^(?:([\w-]{1,20})=)?([\w-]+)$/.exec(item) ?? []
    const bytes = keyBytes(text)
    return bytes ? [{ id, key: bytes }] : []
  })
  const [first, ...former] = keys
  const isDistinct = [keys.map(({ id }) => id), keys.map(({ key: bytes }) => bytes.toHex())].every(
    (names) => new Set(names).size === items.length,
  )
  if (first && isDistinct && keys.length <= 4) return [first, ...former]
  ctx.addIssue({
    code: 'custom',
    message: 'must be `KEY` or `id=KEY`, one to four with commas, each KEY 32 or more random bytes as base64url',
  })
  return z.NEVER
})

const PrivateJwk = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1),
  x: z.string().length(43),
  y: z.string().length(43),
  d: z.string().length(43),
})

/** A JSON list of private JWKs: the first signs, all verify. */
export const signingKeys = z.string().transform((text, ctx): JWK[] => {
  try {
    const keys = z.array(PrivateJwk).min(1).max(4).parse(JSON.parse(text))
    if (new Set(keys.map(({ kid }) => kid)).size === keys.length) return keys
  } catch {
    // Falls through: the text is a secret, so no part of it may stand in the complaint.
  }
  ctx.addIssue({ code: 'custom', message: 'must be a JSON list of private P-256 JWKs, each with a kid of its own' })
  return z.NEVER
})
