import { vi } from 'vitest'
import { GITHUB } from './github-client.ts'

/** Somebody with an account at GitHub. */
export interface GitHubPerson {
  id: number
  login: string
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean; visibility: 'private' | null }[]
}

const HOSTS: ReadonlySet<string> = new Set(['github.com', 'api.github.com'])

interface Code {
  person: GitHubPerson
  challenge: string | null
  redirectUri: string | null
}

/**
 * GitHub as its documentation describes it on the wire: codes are good once and for who began, errors of the token
 * endpoint come with status 200, the API wants a bearer token and a user agent. It stands in for the global `fetch`.
 */
export class GitHubDouble {
  readonly #codes = new Map<string, Code>()
  readonly #tokens = new Map<string, GitHubPerson>()
  /** What was asked, as `METHOD host/path`. */
  readonly calls: string[] = []
  /** Takes a code again and again, as no provider should. */
  isForgetful = false
  /** Answers this instead, while it is set. */
  broken: (() => Response) | undefined

  /** From here on who calls GitHub reaches this; all else goes where it would. */
  install() {
    const { fetch } = globalThis
    return vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input, init)
      return HOSTS.has(new URL(request.url).host) ? this.#answer(request) : fetch(request)
    })
  }

  /** The person says yes on GitHub's page: what the browser brings back. */
  authorize(url: string, person: GitHubPerson): { code: string; state: string } {
    const asked = new URL(url)
    if (`${asked.origin}${asked.pathname}` !== 'https://github.com/login/oauth/authorize') throw new Error(url)
    const at = (name: string) => asked.searchParams.get(name)
    if (at('client_id') !== GITHUB.clientId || at('response_type') !== 'code') throw new Error(url)
    const code = crypto.randomUUID().replaceAll('-', '').slice(0, 20)
    this.#codes.set(code, { person, challenge: at('code_challenge'), redirectUri: at('redirect_uri') })
    return { code, state: at('state') ?? '' }
  }

  async #answer(request: Request): Promise<Response> {
    const { host, pathname } = new URL(request.url)
    this.calls.push(`${request.method} ${host}${pathname}`)
    if (this.broken) return this.broken()
    switch (`${request.method} ${host}${pathname}`) {
      case 'POST github.com/login/oauth/access_token':
        return this.#exchange(
          new URLSearchParams(new TextDecoder().decode(await request.arrayBuffer())),
          request.headers.get('accept') ?? '',
        )
      case 'GET api.github.com/user':
        return this.#tell(request, ({ id, login, name }) => ({ id, login, node_id: 'x', name, email: null }))
      case 'GET api.github.com/user/emails':
        return this.#tell(request, ({ emails }) => emails)
      default:
        return Response.json({ message: 'Not Found' }, { status: 404 })
    }
  }

  async #exchange(form: URLSearchParams, accept: string): Promise<Response> {
    const refused = (error: string) => Response.json({ error, error_description: 'No.', error_uri: 'https://docs' })
    if (!accept.includes('application/json')) return new Response('access_token=x')
    if (form.get('client_id') !== GITHUB.clientId || form.get('client_secret') !== GITHUB.clientSecret) {
      return refused('incorrect_client_credentials')
    }
    const code = this.#codes.get(form.get('code') ?? '')
    if (!this.isForgetful) this.#codes.delete(form.get('code') ?? '')
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form.get('code_verifier') ?? ''))
    const challenge = new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })
    if (!code || code.challenge !== challenge) return refused('bad_verification_code')
    if (code.redirectUri !== form.get('redirect_uri')) return refused('redirect_uri_mismatch')
    const token = `gho_${crypto.randomUUID().replaceAll('-', '')}`
    this.#tokens.set(token, code.person)
    return Response.json({ access_token: token, scope: 'read:user,user:email', token_type: 'bearer' })
  }

  #tell(request: Request, view: (person: GitHubPerson) => unknown): Response {
    if (!request.headers.get('user-agent'))
      return new Response('Request forbidden by administrative rules', { status: 403 })
    const person = this.#tokens.get(request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
    return person ? Response.json(view(person)) : Response.json({ message: 'Bad credentials' }, { status: 401 })
  }
}

let counter = 1_000

export function gitHubPerson(given: Partial<GitHubPerson> & { email?: string; verified?: boolean } = {}): GitHubPerson {
  counter += 1
  const { email = `octo${counter}@people.test`, verified = true, ...rest } = given
  return {
    ...{ id: counter, login: `octo${counter}`, name: 'Octavia Cat' },
    emails: [
      { email: `${counter}+octo@users.noreply.example`, primary: false, verified: true, visibility: null },
      { email, primary: true, verified, visibility: 'private' },
    ],
    ...rest,
  }
}
