import { fromBase64Url, toBase64Url } from './encoding.ts'

/** What stands in an API key: which one it is, and the secret that only its holder has. */
export interface ApiKeyText {
  /** A UUID. */
  id: string
  /** 256 random bits, base64url. */
  secret: string
}

const SECRET_BYTES = 32
/** Found by scanners of leaked secrets, and by people who wonder what it is. */
const FORM = /^slv_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([\w-]{43})$/

export function newApiKeySecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
}

/** `slv_<id>_<secret>`: the id without dashes, so that a double click takes less of it apart. */
export function writeApiKey({ id, secret }: ApiKeyText): string {
  return `slv_${id.replaceAll('-', '')}_${secret}`
}

/** Whether a bearer token means to be an API key rather than an access token. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('slv_')
}

/** Undefined for anything but a key of ours in its one spelling. Whether it is good is not known yet. */
export function readApiKey(token: string): ApiKeyText | undefined {
  const [, a, b, c, d, e, secret] = FORM.exec(token) ?? []
  if (secret === undefined || fromBase64Url(secret) === undefined) return undefined
  return { id: `${a}-${b}-${c}-${d}-${e}`, secret }
}
