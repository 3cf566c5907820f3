import { beforeAll, expect, it } from 'vitest'
import { createApi } from '../support/api.ts'
import { callAs, exampleOf, makeWorld, routesOf, type Who, type World } from '../support/examples.ts'

const api = createApi()
const ROUTES = routesOf(api).filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method))
/** Whose act it is, and what they may: never what a body says (R31.1, X.5). */
const CLAIMS = ['ownerId', 'actorId', 'userId']
/** Bodies that name the other one, whom somebody with the right to it does something to. */
const ABOUT_OTHERS = [
  'POST /v1/admin/permissions/grant',
  'POST /v1/admin/permissions/revoke',
  'POST /v1/admin/resource-permissions/grant',
  'POST /v1/admin/resource-permissions/revoke',
  'POST /v1/chat/rooms/private',
  'POST /v1/chat/rooms/:id/invites',
]
let world: World

beforeAll(async () => {
  world = await makeWorld(api)
})

function whoMay({ contract }: (typeof ROUTES)[number]): Who {
  const { access } = contract.policy
  if (access === 'public') return 'anonymous'
  return typeof access === 'object' && !access.owner ? 'admin' : 'owner'
}

it('a body that says whose act it is, is refused by every route, which names the field (R31.1)', async () => {
  const faults: unknown[] = []
  let sent = 0
  for (const route of ROUTES) {
    const example = await exampleOf(route.name, world)
    const { body } = example
    if (typeof body !== 'object' || body === null) continue
    for (const field of CLAIMS) {
      if (field === 'userId' && ABOUT_OTHERS.includes(route.name)) continue
      const claim = { [field]: world.stranger.id }
      const claimed = Array.isArray(body) ? body.map((one) => ({ ...one, ...claim })) : { ...body, ...claim }
      const answer = await callAs(world, whoMay(route), route.method, { ...example, body: claimed })
      const isNamed = answer.body?.errors?.some((error) => error.field.split('.').at(-1) === field) ?? false
      if (answer.status !== 400 || !isNamed) faults.push([route.name, field, answer.status, answer.body])
      sent += 1
    }
  }
  expect(faults).toEqual([])
  expect(sent).toBeGreaterThan(100)
})
