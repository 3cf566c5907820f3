import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Figures } from '../../durable-objects/figures/index.ts'
import { DATABASE_BINDINGS } from '../../src/env.ts'
import { overspent } from '../../src/http/cost.ts'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { DATABASES } from '../../src/platform/db/bookmarks.ts'
import { type Costs, Meter } from '../../src/platform/observability/meter.ts'
import { remote } from '../../src/platform/remote.ts'
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

/** Tables that stay small in the large world, and why no route's cost depends on how many rows they have. */
const SMALL_TABLES: Record<string, string> = {
  'core.roles': 'come with the migrations, as many as the code knows',
  'core.permissions': 'come with the migrations, as many as the code knows',
  'core.role_permissions': 'come with the migrations, as many as the code knows',
  'core.outbox': 'is read by an index of what was not sent yet',
  'core.idempotency': 'is found by its key',
  'core.audit_seals': 'are written by the sealer, and read by nobody else',
  'activity.outbox': 'is read by an index of what was not sent yet',
  'activity.idempotency': 'is found by its key',
  'activity.audit_seals': 'are written by the sealer, and read by nobody else',
  'catalog.outbox': 'is read by an index of what was not sent yet',
  'catalog.idempotency': 'is found by its key',
  'catalog.audit_seals': 'are written by the sealer, and read by nobody else',
}
const MANY_ROWS = 900

it('the large world has many rows in every table', async () => {
  const counted = DATABASES.map((name) => countRows(name, env[DATABASE_BINDINGS[name]]))
  const counts = new Map((await Promise.all(counted)).flat())
  const small = [...counts].flatMap(([table, rows]) => (rows < MANY_ROWS && !(table in SMALL_TABLES) ? [table] : []))
  expect(small, 'Let growWorld in test/support/large-world.ts grow these tables').toEqual([])
  expect(Object.keys(SMALL_TABLES).filter((table) => !counts.has(table))).toEqual([])
})

/** How many rows each table of a database has, without those of SQLite, of D1 and of its migrations. */
async function countRows(name: string, database: D1Database): Promise<[table: string, rows: number][]> {
  const { results } = await database
    .prepare("select name, sql from sqlite_schema where type = 'table' and name not glob 'sqlite_*'")
    .all<{ name: string; sql: string }>()
  // A full-text index is as large as the table that it is of.
  const indexes = results.filter(({ sql }) => /^create virtual table/i.test(sql)).map((table) => table.name)
  const tables = results
    .map((table) => table.name)
    .filter((table) => !/^(_cf|d1_)/.test(table) && !indexes.some((index) => table.startsWith(index)))
  const counts = await database.batch<{ rows: number }>(
    tables.map((table) => database.prepare(`select count(*) as rows from "${table}"`)),
  )
  return tables.map((table, i) => [`${name}.${table}`, counts[i]?.results[0]?.rows ?? 0])
}

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

/** On no request's account: at most once in ten seconds an isolate, however many requests it has answered. */
describe.each(SIZES)('what an isolate tells, in a %s world', (size) => {
  const RIDES: Record<string, (figures: ReturnType<typeof figuresOf>) => Promise<unknown>> = {
    '(a flush of figures)': (figures) => figures.add({ isolate: 'x', number: 1, minutes: [[minute(), { a: 1 }]] }),
    '(sockets of an object)': (figures) =>
      figures.tellSockets([{ object: 'x', kind: 'room', count: 1, at: Date.now() }]),
  }

  it.for(Object.keys(RIDES))('%s costs no more than its object says', async (name, { task }) => {
    const stub = env.FIGURES.getByName(`counts:${size} ${name}`)
    const warm = figuresOf(stub, new Meter())
    await warm.add({ isolate: 'x', number: 0, minutes: [[minute(), { a: 1 }]] })
    await warm.tellSockets([{ object: 'x', kind: 'room', count: 2, at: Date.now() }])
    if (size === 'large') await growFigures(stub)
    const meter = new Meter()
    await RIDES[name]?.(figuresOf(stub, meter))
    task.meta.costs = { route: name, size, items: 0, costs: meter.costs }
    const budget = { trips: 0, sequential: 0, rowsRead: 5, rowsWritten: 5, hops: 1, sends: 0 }
    expect(overspent(budget, meter.costs, 0), JSON.stringify(meter.costs)).toEqual([])
    expect(meter.costs.objectRowsWritten).toBeGreaterThan(0)
  })
})

const minute = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS

function figuresOf(stub: DurableObjectStub<Figures>, meter: Meter) {
  return remote<Figures>(stub, meter, () => Promise.resolve())
}

async function growFigures(stub: DurableObjectStub<Figures>): Promise<void> {
  await runInDurableObject(stub, (_instance, { storage }) => {
    const numbers = JSON.stringify(Array.from({ length: MANY_ROWS }, (_, i) => i))
    storage.sql.exec("insert into isolates select 'isolate ' || value, 1, 1 from json_each(?)", numbers)
    storage.sql.exec('insert into buckets select 60000, value, 1 from json_each(?)', numbers)
    storage.sql.exec("insert into open_sockets select 'object ' || value, 'room', 1, 1 from json_each(?)", numbers)
  })
}
