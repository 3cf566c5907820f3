import { env } from 'cloudflare:workers'
import type { Example, World } from './examples.ts'
import { addPasskey, PASSKEYS, passkeyBody, signInBody } from './passkeys.ts'

/** One of the owner's, who never has too many of them. */
async function fresh({ api, owner }: World) {
  await env.DB.prepare('delete from passkeys where user_id = ?').bind(owner.id).run()
  return (await addPasskey(api, owner)).device
}

export const PASSKEY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/auth/passkeys': () => ({ path: PASSKEYS }),
  'POST /v1/auth/passkeys/options': () => ({ path: `${PASSKEYS}/options` }),
  'POST /v1/auth/passkeys': async ({ api, owner }) => {
    await env.DB.prepare('delete from passkeys where user_id = ?').bind(owner.id).run()
    return { path: PASSKEYS, body: await passkeyBody(api, owner), other: await passkeyBody(api, owner) }
  },
  'POST /v1/auth/passkeys/sign-in/options': () => ({ path: `${PASSKEYS}/sign-in/options` }),
  'POST /v1/auth/passkeys/sign-in': async (world) => ({
    path: `${PASSKEYS}/sign-in`,
    body: await signInBody(world.api, await fresh(world)),
  }),
  'PATCH /v1/auth/passkeys/:id': async (world) => ({
    path: `${PASSKEYS}/${(await fresh(world)).id}`,
    body: { name: 'Renamed' },
  }),
  'DELETE /v1/auth/passkeys/:id': async (world) => ({ path: `${PASSKEYS}/${(await fresh(world)).id}` }),
}
