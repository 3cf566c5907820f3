import { beforeAll, describe, expect, it } from 'vitest'
import { createApi } from '../support/api.ts'
import { callAs, exampleOf, makeWorld, routesOf, type World } from '../support/examples.ts'

/** What they make has no address: several at once, what only moderators read, and what is good once. */
const WITHOUT_ADDRESS = [
  'POST /v1/chat/rooms/:id/messages/:messageId/reports',
  'POST /v1/products/bulk',
  'POST /v1/ws-tickets',
]
const api = createApi()
const MAKING = routesOf(api).filter(({ contract: { policy } }) => 201 in policy.answers)
let world: World

beforeAll(async () => {
  world = await makeWorld(api)
})

describe('every route that makes something', () => {
  it('says in its contract where that is (R2.21)', () => {
    const silent = MAKING.filter(({ contract: { policy } }) => policy.made === undefined).map(({ name }) => name)
    expect(silent.toSorted()).toEqual(WITHOUT_ADDRESS)
  })

  it.for(MAKING.filter(({ contract: { policy } }) => policy.made !== undefined))(
    'answers 201 with a Location that is a path of the API: $name (R2.21)',
    async ({ name, contract: { policy } }) => {
      const isForStaff = typeof policy.access === 'object' && policy.access.permissions !== undefined
      const answer = await callAs(world, isForStaff ? 'admin' : 'owner', 'POST', await exampleOf(name, world))
      const location = answer.headers.get('location') ?? ''
      expect([answer.status, location]).toEqual([201, expect.stringMatching(/^\/v[12]\/.*[\w-]{4,}/)])
      const paths = api.app.routes.map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`))
      expect(paths.some((path) => path.test(location))).toBe(true)
    },
  )
})
