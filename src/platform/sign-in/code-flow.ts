import * as oauth from 'oauth4webapi'
import type { Outbound } from '../resilience/outbound.ts'
import { ProviderRefused, providerUnavailable, type SignInAttempt } from './provider.ts'

/** How long two clocks may be apart. */
const TOLERANCE_SECONDS = 30
/** Our own mistakes: with them nobody can sign in, so operators must hear of it. */
const OUR_FAULTS: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client', 'redirect_uri_mismatch'])

/** What every call to a provider goes through. */
export interface Wire {
  outbound: Outbound
  /** Of a provider on loopback, in development and tests. */
  allowPlain: boolean
}

export function clientOf(clientId: string): oauth.Client {
  return { client_id: clientId, [oauth.clockTolerance]: TOLERANCE_SECONDS }
}

/** @returns the provider's answer. @throws Refusal where it says that it is down or busy: nobody's sign-in is to blame */
export async function ask({ outbound }: Wire, ...asked: Parameters<Outbound>): Promise<Response> {
  const response = await outbound(...asked)
  if (response.status >= 500 || response.status === 429) throw providerUnavailable(`it answers ${response.status}`)
  return response
}

export function requestOptions(wire: Wire) {
  return {
    [oauth.allowInsecureRequests]: wire.allowPlain,
    [oauth.customFetch]: (
      url: string,
      { body, headers, method, redirect }: oauth.CustomFetchOptions<string, unknown>,
    ) =>
      // The library sends forms only, and no body with a GET.
      ask(wire, url, { headers, method, redirect, ...(body === undefined ? {} : { body: body as URLSearchParams }) }),
  }
}

/** Where the browser is sent: code flow with PKCE, whatever else the provider would do. */
export async function authorizationUrl(
  as: oauth.AuthorizationServer,
  { clientId, scopes }: { clientId: string; scopes: string },
  { state, nonce, verifier, redirectUri }: SignInAttempt,
): Promise<URL> {
  if (as.authorization_endpoint === undefined) throw new Error(`${as.issuer} names no authorization endpoint`)
  const url = new URL(as.authorization_endpoint)
  const parameters = {
    ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope: scopes, state },
    ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    ...(scopes.split(' ').includes('openid') ? { nonce } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}

/**
 * Exchanges the code. `read` gets the provider's answer and what stands in it, checked.
 * @throws ProviderRefused, Outage, or the refusal of a provider that does not know us
 */
export async function exchange<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && OUR_FAULTS.has(error.error)) {
      throw providerUnavailable(`the provider answers ${error.error}: look at SIGN_IN_PROVIDERS`)
    }
    if (isOfLibrary(error)) throw new ProviderRefused(reasonOf(error), { cause: error })
    throw error
  }
}

function isOfLibrary(error: unknown): error is Error {
  return [
    oauth.AuthorizationResponseError,
    oauth.OperationProcessingError,
    oauth.ResponseBodyError,
    oauth.UnsupportedOperationError,
    oauth.WWWAuthenticateChallengeError,
  ].some((type) => error instanceof type)
}

/** The library's codes and OAuth's; never what stood in the answer, which may hold tokens. */
function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.name
  return 'error' in error ? `${code} ${String(error.error)}` : `${code} ${error.message.slice(0, 200)}`
}
