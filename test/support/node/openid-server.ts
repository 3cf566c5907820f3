import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

/** Somebody with an account there. */
export interface OutsideAccount {
  sub: string
  email: string
  email_verified: boolean
  given_name: string
  family_name: string
}

/** A real OpenID provider on loopback, whose people say yes to everything without being asked. */
export interface OpenIdServer {
  issuer: string
  /** For `SIGN_IN_PROVIDERS`. */
  settings: object
  /** Who is at the keyboard from now on. */
  enter(account: OutsideAccount): void
  /** Goes where the browser is sent, and follows until it leads back to us. Answers that address. */
  visit(url: string): Promise<URL>
  close(): Promise<void>
}

const CLIENT = { client_id: 'selvage', client_secret: 'a-secret-of-this-provider' }
const MOST_HOPS = 10

export async function startOpenIdServer(redirectUri: string): Promise<OpenIdServer> {
  const accounts = new Map<string, OutsideAccount>()
  let present: OutsideAccount | undefined
  let answer: ((...args: Parameters<ReturnType<Provider['callback']>>) => void) | undefined
  const server = createServer((request, response) => answer?.(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const provider = new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [redirectUri], grant_types: ['authorization_code'] }],
    // Only who holds the verifier gets tokens for a code.
    pkce: { required: () => true },
    claims: { email: ['email', 'email_verified'], profile: ['given_name', 'family_name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => accounts.get(id) }),
    cookies: { keys: ['of-a-test'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
  })
  const callback = provider.callback()
  answer = (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    void interact(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  }

  async function interact(...[request, response]: Parameters<ReturnType<Provider['callback']>>): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      if (!present) return provider.interactionFinished(request, response, { error: 'access_denied' })
      accounts.set(present.sub, present)
      return provider.interactionFinished(request, response, { login: { accountId: present.sub } })
    }
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id ?? '' })
    grant.addOIDCScope('openid email profile')
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
  }

  return {
    issuer,
    settings: {
      ...{ kind: 'oidc', id: 'loom', name: 'Loom', issuer },
      ...{ clientId: CLIENT.client_id, clientSecret: CLIENT.client_secret },
    },
    enter: (account) => {
      present = account
    },
    async visit(url) {
      const jar = new Map<string, string>()
      let next = new URL(url)
      for (let hop = 0; hop < MOST_HOPS; hop += 1) {
        if (next.origin !== issuer) return next
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
        const answered = await fetch(next, { redirect: 'manual', headers: { cookie } })
        for (const line of answered.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
          jar.set(name, value)
        }
        const location = answered.headers.get('location')
        if (location === null) throw new Error(`${next.href} answers ${answered.status}: ${await answered.text()}`)
        next = new URL(location, next)
      }
      throw new Error('It leads nowhere')
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
