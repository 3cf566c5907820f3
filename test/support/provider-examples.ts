import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { ProviderSignIn } from '../../src/features/identity/providers/schemas.ts'
import type { Caller } from './api.ts'
import type { Example, World } from './examples.ts'
import { GitHubDouble, gitHubPerson } from './github-double.ts'
import { makePerson } from './people.ts'

const path = '/v1/auth/providers'

/** Stands where GitHub would, from the first example that needs it. */
let gitHub: GitHubDouble | undefined

/** As if somebody had just come back from GitHub. */
async function comeBack(by: Caller, begin: string): Promise<Required<Pick<Example, 'body' | 'headers'>>> {
  // Files share their modules, and what one of them has put in the place of `fetch` is taken away after it.
  if (!gitHub || !vi.isMockFunction(globalThis.fetch)) {
    gitHub = new GitHubDouble()
    gitHub.install()
  }
  const { body, headers } = await by.post<ProviderSignIn>(`${path}/github/${begin}`)
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return { body: gitHub.authorize(body.data.url, gitHubPerson()), headers: { cookie } }
}

/** Somebody new whose address is verified, on a device of theirs. */
async function verified({ api }: World): Promise<{ id: string; authorization: string }> {
  const { id, accessToken } = await makePerson(api.isolate)
  return { id, authorization: `Bearer ${accessToken}` }
}

export const PROVIDER_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/auth/providers': () => ({ path }),
  'GET /v1/auth/providers/linked': () => ({ path: `${path}/linked` }),
  'POST /v1/auth/providers/:provider/begin': () => ({ path: `${path}/github/begin` }),
  'POST /v1/auth/providers/finish': async ({ api }) => {
    const back = await comeBack(api, 'begin')
    return { path: `${path}/finish`, ...back }
  },
  'POST /v1/auth/providers/:provider/begin-link': async (world) => {
    const { authorization } = await verified(world)
    return { path: `${path}/github/begin-link`, headers: { authorization } }
  },
  'POST /v1/auth/providers/finish-link': async (world) => {
    const { authorization } = await verified(world)
    const back = await comeBack(world.api.as({ accessToken: authorization.slice(7) }), 'begin-link')
    return { path: `${path}/finish-link`, body: back.body, headers: { ...back.headers, authorization } }
  },
  'DELETE /v1/auth/providers/:provider/link': async (world) => {
    const { id, authorization } = await verified(world)
    await env.DB.prepare(
      `insert into linked_identities (provider, subject, user_id, created_at) values ('github', ?1, ?1, 1)`,
    )
      .bind(id)
      .run()
    return { path: `${path}/github/link`, headers: { authorization } }
  },
}
