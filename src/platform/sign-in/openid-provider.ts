import * as oauth from 'oauth4webapi'
import { type Clock, HOUR_MS } from '../clock.ts'
import { authorizationUrl, clientOf, exchange, requestOptions, type Wire } from './code-flow.ts'
import type { OutsidePerson, OutsideProvider } from './provider.ts'

const METADATA_MS = HOUR_MS

interface OpenIdOptions {
  id: string
  name: string
  kind: 'google' | 'oidc'
  issuer: string
  clientId: string
  clientSecret: string
  scopes: string
}

/** A provider that speaks OpenID Connect, found by its issuer. What it says of itself is remembered for an hour. */
export function createOpenIdProvider(options: OpenIdOptions, wire: Wire, clock: Clock): OutsideProvider {
  const { id, name, kind, clientId, clientSecret, scopes } = options
  const issuer = new URL(options.issuer)
  const client = clientOf(clientId)
  const requests = requestOptions(wire)
  const keys: oauth.JWKSCacheInput = {}
  let known: { as: oauth.AuthorizationServer; at: number } | undefined

  const discover = async (): Promise<oauth.AuthorizationServer> => {
    if (known && clock() - known.at < METADATA_MS) return known.as
    const as = await exchange(async () =>
      oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...requests })),
    )
    known = { as, at: clock() }
    return as
  }

  return {
    id,
    name,
    kind,
    authorizationUrl: async (attempt) => authorizationUrl(await discover(), { clientId, scopes }, attempt),
    async redeem(parameters, { state, nonce, verifier, redirectUri }) {
      const as = await discover()
      return exchange(async () => {
        const checked = oauth.validateAuthResponse(as, client, parameters, state)
        const authentication = prefersPost(as)
          ? oauth.ClientSecretPost(clientSecret)
          : oauth.ClientSecretBasic(clientSecret)
        const response = await oauth.authorizationCodeGrantRequest(
          ...([as, client, authentication, checked, redirectUri, verifier, requests] as const),
        )
        const answer = await oauth.processAuthorizationCodeResponse(as, client, response, {
          expectedNonce: nonce,
          requireIdToken: true,
        })
        // It came over TLS from the provider itself; its signature says so once more.
        await oauth.validateApplicationLevelSignature(as, response, { ...requests, [oauth.jwksCache]: keys })
        const claims = oauth.getValidatedIdTokenClaims(answer)
        if (!claims) throw new oauth.OperationProcessingError('no ID token')
        const needsMore = claims.email === undefined && as.userinfo_endpoint !== undefined
        return personOf(
          needsMore ? { ...(await readUserInfo(as, answer.access_token, claims.sub)), ...claims } : claims,
        )
      })
    },
  }

  async function readUserInfo(as: oauth.AuthorizationServer, accessToken: string, subject: string) {
    const response = await oauth.userInfoRequest(as, client, accessToken, requests)
    return oauth.processUserInfoResponse(as, client, subject, response)
  }
}

/** What is not said means `client_secret_basic`. */
function prefersPost({ token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer): boolean {
  return methods !== undefined && !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
}

function personOf(claims: Record<string, unknown> & { sub: string }): OutsidePerson {
  const email = textOf(claims.email)
  const [first = '', ...rest] = textOf(claims.name).split(' ')
  return {
    subject: claims.sub,
    verifiedEmail: email !== '' && claims.email_verified === true ? email.toLowerCase() : null,
    firstName: textOf(claims.given_name) || first,
    lastName: textOf(claims.family_name) || rest.join(' '),
  }
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim.trim() : ''
}
