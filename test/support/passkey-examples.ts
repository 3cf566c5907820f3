import { env } from 'cloudflare:workers'
import type { Example, World } from './examples.ts'
import { addPasskey, afterFirstStep, PASSKEYS, passkeyBody, secondStepBody, signInBody } from './passkeys.ts'
import { makePerson } from './people.ts'

/** One of the owner's, who never has too many of them. */
async function fresh({ api, owner }: World) {
  await env.DB.prepare('delete from passkeys where user_id = ?').bind(owner.id).run()
  return (await addPasskey(api, owner)).device
}

/** Somebody else who has one. */
async function holder({ api }: World) {
  const person = await makePerson(api.isolate)
  await addPasskey(api, person)
  return person
}

export const PASSKEY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/auth/passkeys': () => ({ path: PASSKEYS }),
  'POST /v1/auth/passkeys/options': () => ({ path: `${PASSKEYS}/options` }),
  // A challenge is given to one person: they call.
  'POST /v1/auth/passkeys': async ({ api }) => {
    const person = await makePerson(api.isolate)
    const headers = { authorization: `Bearer ${person.accessToken}` }
    return { path: PASSKEYS, headers, body: await passkeyBody(api, person), other: await passkeyBody(api, person) }
  },
  'POST /v1/auth/passkeys/sign-in/options': () => ({ path: `${PASSKEYS}/sign-in/options` }),
  'POST /v1/auth/passkeys/sign-in': async (world) => ({
    path: `${PASSKEYS}/sign-in`,
    body: await signInBody(world.api, await fresh(world)),
  }),
  'POST /v1/auth/passkeys/second-step/options': async ({ api }) => ({
    path: `${PASSKEYS}/second-step/options`,
    body: { tempToken: (await afterFirstStep(api)).tempToken },
  }),
  'POST /v1/auth/passkeys/second-step': async ({ api }) => {
    const { device, tempToken } = await afterFirstStep(api)
    return { path: `${PASSKEYS}/second-step`, body: await secondStepBody(api, device, tempToken) }
  },
  'POST /v1/auth/passkeys/step-up/options': async (world) => {
    const { accessToken } = await holder(world)
    return { path: `${PASSKEYS}/step-up/options`, headers: { authorization: `Bearer ${accessToken}` } }
  },
  'PATCH /v1/auth/passkeys/:id': async (world) => ({
    path: `${PASSKEYS}/${(await fresh(world)).id}`,
    body: { name: 'Renamed' },
  }),
  // Whose it is, the verb looks: so they call.
  'DELETE /v1/auth/passkeys/:id': async ({ api }) => {
    const person = await makePerson(api.isolate)
    const { device } = await addPasskey(api, person)
    return { path: `${PASSKEYS}/${device.id}`, headers: { authorization: `Bearer ${person.accessToken}` } }
  },
}
