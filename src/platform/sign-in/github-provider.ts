import * as oauth from 'oauth4webapi'
import * as z from 'zod'
import { ask, authorizationUrl, clientOf, exchange, requestOptions, type Wire } from './code-flow.ts'
import { type OutsideProvider, ProviderRefused } from './provider.ts'
import type { GitHubSettings } from './settings.ts'

/** GitHub's API wants a name, and a version. */
const API_HEADERS = {
  accept: 'application/vnd.github+json',
  'user-agent': 'selvage',
  'x-github-api-version': '2022-11-28',
}

const User = z.object({ id: z.int(), login: z.string(), name: z.string().nullish() })
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/** GitHub speaks OAuth without OpenID Connect: who somebody is, its API tells. */
export function createGitHubProvider(settings: GitHubSettings, wire: Wire): OutsideProvider {
  const { id, name, clientId, clientSecret } = settings
  const web = settings.webUrl.replace(/\/$/, '')
  const api = settings.apiUrl.replace(/\/$/, '')
  const as: oauth.AuthorizationServer = {
    issuer: web,
    authorization_endpoint: `${web}/login/oauth/authorize`,
    token_endpoint: `${web}/login/oauth/access_token`,
  }
  const client = clientOf(clientId)
  const requests = requestOptions(wire)

  const read = async <T>(path: string, schema: z.ZodType<T>, accessToken: string): Promise<T> => {
    const response = await ask(wire, `${api}${path}`, {
      headers: { ...API_HEADERS, authorization: `Bearer ${accessToken}` },
    })
    const parsed = response.ok ? schema.safeParse(await response.json().catch(() => undefined)) : undefined
    if (!parsed?.success) throw new ProviderRefused(`${path} answers ${response.status} or something else`)
    return parsed.data
  }

  return {
    id,
    name,
    kind: 'github',
    authorizationUrl: (attempt) => authorizationUrl(as, { clientId, scopes: 'read:user user:email' }, attempt),
    redeem: (parameters, { state, verifier, redirectUri }) =>
      exchange(async () => {
        const checked = oauth.validateAuthResponse(as, client, parameters, state)
        const response = await oauth.authorizationCodeGrantRequest(
          ...([as, client, oauth.ClientSecretPost(clientSecret), checked, redirectUri, verifier, requests] as const),
        )
        // It tells errors with status 200; they have no access token, and are refused for that.
        const { access_token } = await oauth.processAuthorizationCodeResponse(as, client, response)
        const [user, emails] = await Promise.all([
          read('/user', User, access_token),
          read('/user/emails', Emails, access_token),
        ])
        const [first = '', ...rest] = (user.name?.trim() || user.login).split(' ')
        const primary = emails.find((email) => email.primary && email.verified)
        return {
          subject: String(user.id),
          verifiedEmail: primary?.email.toLowerCase() ?? null,
          firstName: first,
          lastName: rest.join(' '),
        }
      }),
  }
}
