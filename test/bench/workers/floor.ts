import { Hono } from 'hono'
import type { Trip } from './trip.ts'

type Databases = Record<string, D1Database>

/** What the Worker has asked its databases for, by the name of the case: told before it is measured. */
const recorded = new Map<string, Trip[][]>()
const BODY = { success: true, data: { id: 'floor', name: 'The least that answers' } }

const app = new Hono<{ Bindings: Databases }>()
app.get('/hono/:id', (c) => c.json({ ...BODY, path: c.req.param('id') }))
app.put('/replays/:name', async (c) => {
  recorded.set(c.req.param('name'), wavesOf(await c.req.json<Trip[]>()))
  return c.body(null, 204)
})
// The same calls to the same databases in the same order, and nothing else.
app.get('/replays/:name', async (c) => {
  let last: unknown
  for (const wave of recorded.get(c.req.param('name')) ?? []) {
    const answers = await Promise.all(wave.map((trip) => send(c.env, trip)))
    last = answers.at(-1)
  }
  return c.json({ success: true, data: last })
})

export default {
  fetch(request: Request, env: Databases, ctx: ExecutionContext): Response | Promise<Response> {
    // The floor of the floor: not even a router.
    if (new URL(request.url).pathname === '/bare') return Response.json(BODY)
    return app.fetch(request, env, ctx)
  },
}

function wavesOf(trips: Trip[]): Trip[][] {
  return Object.values(Object.groupBy(trips, ({ wave }) => wave)).filter((wave) => wave !== undefined)
}

async function send(env: Databases, { binding, statements }: Trip): Promise<unknown> {
  const database = env[binding]
  if (!database) throw new Error(`There is no ${binding}`)
  const prepared = statements.map(({ sql, values }) => database.prepare(sql).bind(...values))
  const [first] = prepared
  if (prepared.length === 1 && first) return (await first.all()).results
  return (await database.batch(prepared)).map(({ results }) => results)
}
