import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createApi } from '../support/api.ts'
import { exampleOf, makeWorld, routesOf, type World } from '../support/examples.ts'
import { GitHubDouble } from '../support/github-double.ts'

const api = createApi()
/** All that is done with one's own account. */
const ROUTES = routesOf(api).filter(
  ({ path, contract: { policy } }) => path.startsWith('/v1/auth/') && policy.access !== 'public',
)
/** What names or holds something of one person: the others act on the account of whoever calls. */
const OF_ONE_PERSON = {
  'DELETE /v1/auth/passkeys/:id': 'NOT_FOUND',
  'DELETE /v1/auth/providers/:provider/link': 'NOT_FOUND',
  'POST /v1/auth/passkeys': 'INVALID_TOKEN',
  'POST /v1/auth/providers/finish-link': 'INVALID_TOKEN',
}
let world: World

beforeAll(async () => {
  world = await makeWorld(api)
  // Who may link accounts, so that they are refused for what they bring.
  await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(world.stranger.id).run()
})

/** As its example calls it, but by somebody else, or by nobody. */
async function callWithout(name: string, authorization: Record<string, string>) {
  const spy = new GitHubDouble().install()
  onTestFinished(() => spy.mockRestore())
  const { path, body, headers: { authorization: _, ...headers } = {} } = await exampleOf(name, world)
  const given = { ...(body === undefined ? {} : { body }), headers: { ...headers, ...authorization } }
  return api.request(name.split(' ')[0] ?? '', path, given)
}

describe('what one does with one’s own account', () => {
  it.for(ROUTES)('is done by nobody who is not signed in: $name (R7.19)', async ({ name }) => {
    const answer = await callWithout(name, {})
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it.for(Object.entries(OF_ONE_PERSON))(
    'is not done by a stranger with what is another’s: %s',
    async ([name, code]) => {
      const answer = await callWithout(name, { authorization: `Bearer ${world.stranger.accessToken}` })
      expect([answer.status >= 400, answer.body.code]).toEqual([true, code])
    },
  )
})
