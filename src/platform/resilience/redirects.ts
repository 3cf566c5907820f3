/** One request of a call: the first one, or one that a redirect asked for. */
export interface Hop {
  url: URL
  method: string
  headers: Headers
  hasBody: boolean
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type']
const CREDENTIALS = /auth|cookie|credential|key|password|secret|session|signature|token/

/**
 * Where an answer sends us (the Fetch standard's HTTP-redirect fetch), or undefined where it is final. Whatever may
 * be a credential stays with the origin that it was meant for.
 * @throws TypeError where the Location is no URL
 */
export function nextHop(hop: Hop, { status, headers: answered }: Response): Hop | undefined {
  const location = answered.get('location')
  if (!REDIRECTS.has(status) || location === null) return undefined
  const url = new URL(location, hop.url)
  const headers = new Headers(hop.headers)
  if (url.origin !== hop.url.origin) {
    for (const name of [...headers.keys()]) if (isCredential(name)) headers.delete(name)
  }
  if (!becomesGet(status, hop.method)) return { ...hop, url, headers }
  for (const name of BODY_HEADERS) headers.delete(name)
  return { url, method: 'GET', headers, hasBody: false }
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}

function isCredential(header: string): boolean {
  // Not a secret, and what makes a repeat harmless also at the other host.
  return header !== 'idempotency-key' && CREDENTIALS.test(header)
}
