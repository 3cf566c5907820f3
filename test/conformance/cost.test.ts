import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Figures } from '../../durable-objects/figures/index.ts'
import { DATABASE_BINDINGS } from '../../src/env.ts'
import { overspent } from '../../src/http/cost.ts'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { DATABASES } from '../../src/platform/db/bookmarks.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Costs, Meter } from '../../src/platform/observability/meter.ts'
import { remote } from '../../src/platform/remote.ts'
import { SUBSCRIBERS } from '../../src/subscribers.ts'
import kept from '../cost-ledger.json'
import { createApi } from '../support/api.ts'
import { callAs, EXAMPLES, exampleOf, makeWorld, routesOf, type Who, type World } from '../support/examples.ts'
import { growWorld } from '../support/large-world.ts'
import { Collection } from '../support/ledger/collect.ts'
import { CRON_ACTS, inProduction } from '../support/ledger/cron-acts.ts'
import { differences } from '../support/ledger/differences.ts'
import { LedgerKeeper } from '../support/ledger/ledger-keeper.ts'
import type { Entry, Ledger } from '../support/ledger/ops.ts'
import { prepareAct, SOCKET_ACTS } from '../support/ledger/socket-acts.ts'
import { makePerson } from '../support/people.ts'
import { makeMailedToken } from '../support/recovery-examples.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Read by `npm run cost`. */
    costs?: { route: string; size: string; items: number; costs: Costs }
    ledger?: Entry[]
  }
}

/** One app makes the worlds; what is measured is called on a fresh one, whose memories are empty. */
const api = createApi()
const ROUTES = routesOf(api)
const SIZES = ['small', 'large'] as const
const PRODUCTION = { MAIL_ADAPTER: 'send-email', RATE_LIMIT_SCALE: '1' }
const worlds = new Map<string, World>()
const collection = new Collection()
let keeper: LedgerKeeper

beforeAll(async () => {
  keeper = await LedgerKeeper.open()
})
afterAll(() => keeper.close())

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
  beforeAll(async () => {
    worlds.set(size, await makeWorld(api))
    // Only now: a small world is in small tables.
    if (size === 'large') await growWorld(worldOf(size))
  })

  it.for(ROUTES)('$name costs no more than it declares', async (route, { task }) => {
    const world = worldOf(size)
    const fresh = createApi({ env: keeper.bindings, settings: PRODUCTION })
    const { answer, ops, events } = await keeper.measure(fresh.isolate, {
      prepare: () => exampleOf(route.name, world),
      work: (example) => callAs({ ...world, api: fresh }, whoMay(route), route.method, example),
    })
    collection.note('route', route.name, size, ops)
    collection.noteEvents(route.name, size, events)
    answer.response.webSocket?.accept()
    answer.response.webSocket?.close(1000)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    const items = Array.isArray(answer.body?.data) ? answer.body.data.length : 0
    task.meta.costs = { route: route.name, size, items, costs: answer.costs }
    expect(overspent(route.contract.policy.cost, answer.costs, items), JSON.stringify(answer.costs)).toEqual([])
  })

  it('whoever takes a new address into use is told, at the old one too', async () => {
    const fresh = createApi({ env: keeper.bindings, settings: PRODUCTION })
    const { answer, ops, events } = await keeper.measure(fresh.isolate, {
      prepare: async () => {
        const changed = { ...(await makePerson(api.isolate)), email: `${newId()}@people.test` }
        return makeMailedToken(api.isolate, changed, 'change-email')
      },
      work: ({ token }) => fresh.post('/v1/auth/verify-email', { token }),
    })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    expect(ops.mail).toBeGreaterThan(0)
    collection.noteEvents('POST /v1/auth/verify-email, of a new address', size, events)
  })

  it.for(CRON_ACTS)('$name ends', async ({ name, prepare, run, invocations }) => {
    const isolate = inProduction(api.isolate)
    const { ops } = await keeper.measure(isolate, {
      prepare: async () => {
        await run(isolate, env)
        await prepare?.()
      },
      work: () => run(isolate, env),
      invocations,
    })
    collection.note('cron', name, size, ops)
    expect(Object.keys(ops.d1 ?? {})).toContain('core')
  })

  it.for(SOCKET_ACTS)('$name is heard', async (act) => {
    const { answer, ops, events } = await keeper.measure(api.isolate, {
      prepare: () => prepareAct(api, act),
      work: async (prepared) => {
        prepared.socket.send(act.event, prepared.said, 'measured')
        await keeper.untilHeard()
        return prepared
      },
      ...{ invocations: 0, isWarm: true },
    })
    collection.note('socket', act.name, size, ops)
    collection.noteEvents(act.name, size, events)
    answer.close()
    const refused = answer.socket.lines.filter(({ event, data }) => event === 'error' || data.success === false)
    expect(refused).toEqual([])
  })
})

it('the large world has many rows in every table', async () => {
  const counted = DATABASES.map((name) => countRows(name, env[DATABASE_BINDINGS[name]]))
  const counts = new Map((await Promise.all(counted)).flat())
  const small = [...counts].flatMap(([table, rows]) => (rows < MANY_ROWS && !(table in SMALL_TABLES) ? [table] : []))
  expect(small, 'Let growWorld in test/support/large-world.ts grow these tables').toEqual([])
  expect(Object.keys(SMALL_TABLES).filter((table) => !counts.has(table))).toEqual([])
})

/** On no request's account: at most once in ten seconds an isolate, however many requests it has answered. */
describe.each(SIZES)('what an isolate tells, in a %s world', (size) => {
  const RIDES: Record<string, (figures: ReturnType<typeof figuresOf>) => Promise<unknown>> = {
    '(an isolate tells its figures)': (figures) =>
      figures.add({ isolate: 'x', number: 1, minutes: [[minute(), { a: 1 }]] }),
    '(an isolate tells of sockets)': (figures) =>
      figures.tellSockets([{ object: 'x', kind: 'room', count: 1, at: Date.now() }]),
  }

  it.for(Object.keys(RIDES))('%s costs no more than its object says', async (name, { task }) => {
    const stub = env.FIGURES.getByName(`counts:${size} ${name}`)
    const warm = figuresOf(stub, new Meter())
    await warm.add({ isolate: 'x', number: 0, minutes: [[minute(), { a: 1 }]] })
    await warm.tellSockets([{ object: 'x', kind: 'room', count: 2, at: Date.now() }])
    if (size === 'large') await growFigures(stub)
    const meter = new Meter()
    const { ops } = await keeper.measure(api.isolate, {
      prepare: async () => undefined,
      work: async () => RIDES[name]?.(figuresOf(env.FIGURES.getByName(`counts:${size} ${name}`), meter)),
      invocations: 0,
    })
    collection.note('cron', name, size, ops)
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

it('all that everything causes in the end is what is kept', ({ task }) => {
  const { entries } = collection
  task.meta.ledger = entries
  const heard = new Set(entries.map(({ name }) => name))
  const types = new Set(SUBSCRIBERS.map(({ event }) => event.type))
  const unheard = [...types].filter((type) => !heard.has(`event ${type}`))
  expect(unheard, 'Let an example or an act cause these events').toEqual([])
  expect(differences(kept as Ledger, entries).join('\n')).toBe('')
})
