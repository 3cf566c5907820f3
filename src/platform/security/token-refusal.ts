import { decodeProtectedHeader, errors } from 'jose'

/** By any of these a token names the key that it is to be checked with: ours never do. */
const OWN_KEYS = ['jwk', 'jku', 'x5c', 'x5u'] as const

/** Undefined where nothing speaks against looking at the signature. */
export function refusedBeforehand(token: string): string | undefined {
  if (!token.includes('.')) return 'no JWT'
  const header = headerOf(token)
  return OWN_KEYS.some((name) => name in header) ? 'brings its own key' : undefined
}

/** Why a token is not good, for the log: each kind of forgery has words of its own. */
export function refusalReason(error: errors.JOSEError, token: string): string {
  if (error instanceof errors.JWTClaimValidationFailed) return `${error.code} ${error.claim}`
  if (!(error instanceof errors.JOSEAlgNotAllowed)) return error.code
  const { alg, typ } = headerOf(token)
  return [error.code, wordOf(alg), wordOf(typ)].join(' ')
}

function headerOf(token: string): Record<string, unknown> {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return {}
  }
}

/** Anybody writes headers, so only what looks like a name of ours goes into the log. */
function wordOf(text: unknown): string {
  return typeof text === 'string' && /^[\w+-]{1,30}$/.test(text) ? text : '?'
}
