import { beforeAll, describe, expect, it } from 'vitest'
import { overspent } from '../../src/http/cost.ts'
import type { Costs } from '../../src/platform/observability/meter.ts'
import { createApi } from '../support/api.ts'
import { callAs, EXAMPLES, exampleOf, makeWorld, routesOf, type Who, type World } from '../support/examples.ts'
import { growWorld } from '../support/large-world.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Read by `npm run cost`. */
    costs?: { route: string; size: string; items: number; costs: Costs }
  }
}

/** One app makes the worlds; what is measured is called on a fresh one, whose memories are empty. */
const api = createApi()
const ROUTES = routesOf(api)
const SIZES = ['small', 'large'] as const
const worlds = new Map<string, World>()

beforeAll(async () => {
  for (const size of SIZES) worlds.set(size, await makeWorld(api))
  await growWorld(worldOf('large'))
})

function worldOf(size: string): World {
  const world = worlds.get(size)
  if (!world) throw new Error(`There is no ${size} world`)
  return world
}

/** The least of those whom the route lets in. */
function whoMay({ contract }: (typeof ROUTES)[number]): Who {
  const { access } = contract.policy
  if (access === 'public') return 'anonymous'
  return typeof access === 'object' && !access.owner ? 'admin' : 'owner'
}

it('every route has an example, and every example a route', () => {
  expect(Object.keys(EXAMPLES).toSorted()).toEqual(ROUTES.map(({ name }) => name).toSorted())
})

describe.each(SIZES)('in a %s world', (size) => {
  it.for(ROUTES)('$name costs no more than it declares', async (route, { task }) => {
    const example = await exampleOf(route.name, worldOf(size))
    const answer = await callAs({ ...worldOf(size), api: createApi() }, whoMay(route), route.method, example)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    const items = Array.isArray(answer.body?.data) ? answer.body.data.length : 0
    task.meta.costs = { route: route.name, size, items, costs: answer.costs }
    expect(overspent(route.contract.policy.cost, answer.costs, items), JSON.stringify(answer.costs)).toEqual([])
  })
})
