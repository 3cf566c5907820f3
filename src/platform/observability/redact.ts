const REDACTED = '***REDACTED***'
const MAX_DEPTH = 8
const MAX_ITEMS = 50
const MAX_TEXT = 2_000

/** Compared without case, `_` and `-`; a key that contains one of these holds a secret. */
const SECRET_PARTS = [
  'password',
  'passwd',
  'token',
  'secret',
  'authorization',
  'cookie',
  'apikey',
  'creditcard',
  'cardnumber',
  'ssn',
  'otp',
  'mfacode',
  'backupcode',
  'cvv',
  'cvc',
  'iban',
  'signature',
  'ticket',
  'privatekey',
]
/** Too short to look for inside another word: `pan` is in `company`. */
const SECRET_NAMES = new Set(['pan', 'pin', 'key', 'd', 'jwt'])

/** What programs branch on; any other `code` is one that somebody was given: of an app, of a sign-in, of an invitation. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]*$/

function isSecret(key: string, value?: unknown): boolean {
  const name = key.toLowerCase().replaceAll(/[_\-.\s]/g, '')
  if (name === 'code') return typeof value === 'string' && !ERROR_CODE.test(value)
  return SECRET_NAMES.has(name) || SECRET_PARTS.some((part) => name.includes(part))
}

/** JWTs, and long base64url runs such as refresh tokens, wherever they stand in a text. */
const SECRET_TEXT = /eyJ[\w-]+\.[\w-]+\.[\w-]*|\b[A-Za-z0-9_-]{60,}\b/g

/** A text that is safe to log or store: tokens and mail addresses are replaced, its length is bounded. */
function redactText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…(${text.length} characters)` : text
  return cut.replaceAll(ADDRESS, REDACTED).replaceAll(SECRET_TEXT, REDACTED)
}

/** Who they are is in the database, by the ids beside it. The bounds keep a long text without any address cheap. */
const ADDRESS = /[^\s@"'<>(),;:=&/\\]{1,254}@[\p{L}\p{N}.-]{1,253}\.\p{L}[\p{L}\p{N}-]{1,62}/gu

/** The text of an error that is safe to log or store: drizzle repeats a failed statement with people's data in it. */
export function redactError(text: string): string {
  return redactText(text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/, '\nparams: …'))
}

/**
 * A copy that is safe to log: values under secret keys, token-like texts and mail addresses are replaced, depth and
 * size are bounded. It never throws, whatever it is given.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (value === null || typeof value !== 'object') return value
  if (depth >= MAX_DEPTH) return '…'
  if (value instanceof Error) {
    const cause = value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }
    return { name: value.name, message: redactError(value.message), stack: redactError(value.stack ?? ''), ...cause }
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => [key, isSecret(key, item) ? REDACTED : redact(item, depth + 1)]),
  )
}

/** Path and query of a URL, with the values of secret parameters (`?ticket=`) and mail addresses replaced. */
export function redactUrl(url: URL): string {
  const query = [...url.searchParams]
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${isSecret(name, value) ? REDACTED : encodeURIComponent(value.replaceAll(ADDRESS, REDACTED))}`,
    )
    .join('&')
  return query === '' ? url.pathname : `${url.pathname}?${query}`
}
