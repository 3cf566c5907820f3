import { env } from 'cloudflare:workers'
import { newId } from '../../src/platform/ids.ts'
import type { Example, World } from './examples.ts'
import { makePerson } from './people.ts'

type Make = (world: World) => Example | Promise<Example>

const profile = { firstName: 'Nell', lastName: 'Newcomer', bio: 'Writes', avatar: null, phone: null, address: null }

/** What the owner sends of themselves: nothing that only an admin may change. */
async function whole(id: string) {
  const email = await env.DB.prepare('select email from users where id = ?').bind(id).first<string>('email')
  return { email, firstName: 'Nell', lastName: 'Newcomer', phoneNumber: '+49 30 1234', role: 'user', isActive: true }
}

/** What both versions have, by the version. */
function shared(version: 'v1' | 'v2'): Record<string, Make> {
  const users = `/${version}/users`
  return {
    [`GET ${users}/:id`]: ({ owner }) => ({ path: `${users}/${owner.id}` }),
    [`POST ${users}`]: () => ({
      path: users,
      body: {
        email: `${crypto.randomUUID()}@people.test`,
        firstName: 'Nell',
        lastName: 'Newcomer',
        phoneNumber: '+49 30 1234',
      },
      other: {
        email: `${crypto.randomUUID()}@people.test`,
        firstName: 'Nora',
        lastName: 'Newcomer',
        phoneNumber: '+49 30 1234',
      },
    }),
    [`PUT ${users}/:id`]: async ({ owner }) => ({
      path: `${users}/${owner.id}`,
      body: await whole(owner.id),
      headers: { 'if-match': '*' },
    }),
    [`PATCH ${users}/:id`]: ({ owner }) => ({ path: `${users}/${owner.id}`, body: { lastName: 'Novice' } }),
    // Somebody of their own, whoever asks: an account goes once.
    [`DELETE ${users}/:id`]: async ({ api }) => {
      const { id, accessToken } = await makePerson(api.isolate)
      return { path: `${users}/${id}`, headers: { authorization: `Bearer ${accessToken}` } }
    },
    [`PATCH ${users}/:id/activate`]: async ({ api }) => ({
      path: `${users}/${(await makePerson(api.isolate, { isActive: false })).id}/activate`,
    }),
    [`PATCH ${users}/:id/deactivate`]: async ({ api }) => ({
      path: `${users}/${(await makePerson(api.isolate)).id}/deactivate`,
    }),
  }
}

export const USER_EXAMPLES: Record<string, Make> = {
  'GET /v1/users': () => ({ path: '/v1/users?limit=10' }),
  ...shared('v1'),
  'GET /v2/users': () => ({ path: '/v2/users?limit=10' }),
  'GET /v2/users/search': () => ({ path: '/v2/users/search?q=erson&limit=10' }),
  ...shared('v2'),
  'PATCH /v2/users/:id/change-role': async ({ api }) => ({
    path: `/v2/users/${(await makePerson(api.isolate)).id}/change-role`,
    body: { role: 'moderator', reason: 'because of a test' },
  }),
  'GET /v2/users/:id/profile': ({ owner }) => ({ path: `/v2/users/${owner.id}/profile` }),
  'PUT /v2/users/:id/profile': ({ owner }) => ({ path: `/v2/users/${owner.id}/profile`, body: profile }),
  // A new picture is what others are told of.
  'PATCH /v2/users/:id/profile': ({ owner }) => ({
    path: `/v2/users/${owner.id}/profile`,
    body: { avatar: `https://img.test/${newId()}.png`, bio: 'Reads' },
  }),
}
