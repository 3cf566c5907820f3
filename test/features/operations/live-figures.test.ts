import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { figuresPorts } from '../../../src/compose.ts'
import type { LiveFigures } from '../../../src/features/operations/schemas.ts'
import worker from '../../../src/index.ts'
import { isolateOf } from '../../../src/isolate.ts'
import { type Api, createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { deliverTo } from '../../support/queues.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openSocket } from '../../support/sockets.ts'

/** Tells with every request what it has counted so far. */
const createTelling = () => createApi({ settings: { FIGURES_EVERY_MS: '1' } })

const readFigures = async (api: Api, minutes = 5) => {
  const admin = await makePerson(api.isolate, { role: 'admin' })
  const { status, body, costs } = await api.as(admin).get<LiveFigures>(`/v1/admin/figures?minutes=${minutes}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return { figures: body.data, costs }
}
const sum = (numbers: number[]) => numbers.reduce((all, n) => all + n, 0)
const pause = () => vi.waitFor(async () => fetchTick())
/** The clock of the runtime goes on with I/O only. */
const fetchTick = () => env.DB.prepare('select 1').first()

describe('the figures', () => {
  it('show what was just done: requests, errors, latency, rows, calls and refusals (R44.1, R44.2)', async () => {
    const api = createTelling()
    const before = (await readFigures(api)).figures
    const limited = createApi({ settings: { FIGURES_EVERY_MS: '1', RATE_LIMIT_SCALE: '0.02' } })
    const { ann, room } = await makePair(api)
    await send(api, ann, room.id, 'hello')
    await api.as(ann).get('/v1/chat/rooms')
    await api.get('/v1/nothing/here')
    const refusals = [await limited.get('/v1/auth/me'), await limited.get('/v1/auth/me')]
    expect(refusals.map(({ status }) => status)).toEqual([401, 429])
    for (const each of [api, limited]) {
      await pause()
      await each.get('/health/live')
    }
    const { figures } = await readFigures(api)
    const grown = (of: (all: LiveFigures) => number[]) => sum(of(figures)) - sum(of(before))
    expect(grown(({ requests }) => requests.all)).toBeGreaterThanOrEqual(6)
    expect(grown(({ requests }) => requests.clientErrors)).toBe(3)
    expect(grown(({ requests }) => requests.serverErrors)).toBe(0)
    expect(grown(({ database }) => database.rowsRead)).toBeGreaterThan(5)
    expect(grown(({ database }) => database.rowsWritten)).toBeGreaterThan(0)
    expect(grown(({ objects }) => objects.calls)).toBeGreaterThan(1)
    expect(grown(({ refused }) => refused.all)).toBe(1)
    expect(figures.refused.byPolicy).toEqual([{ policy: 'anonymous', count: 1 }])
    expect(figures.latency.p95.some((ms) => ms !== null)).toBe(true)
    expect(figures.times.length).toBe(5)
  })

  it('cost the requests that they ride on nothing', async () => {
    const [telling, silent] = [createTelling(), createApi()]
    const costs = async (api: Api) => {
      const person = await makePerson(api.isolate)
      await api.as(person).get('/v1/auth/me')
      await pause()
      return (await api.as(person).get('/v1/chat/rooms')).costs
    }
    expect(await costs(telling)).toEqual(await costs(silent))
    const { costs: own } = await readFigures(silent, 1_440)
    expect(own).toMatchObject({ d1Trips: 1, objectHops: 12 })
  })

  it('count sockets when they open and when they close', async () => {
    const api = createApi()
    const { figures: counter } = isolateOf(env)
    const open = async () => {
      await counter.tell(figuresPorts(env))
      const { sockets } = (await readFigures(api)).figures
      return { user: sockets.user.at(-1) ?? 0, room: sockets.room.at(-1) ?? 0 }
    }
    // What objects of an earlier file still had to tell comes now, or never.
    let before = await open()
    await vi.waitFor(async () => {
      const last = before
      before = await open()
      expect(before).toEqual(last)
    })
    const { ann, room } = await makePair(api)
    const own = await openSocket(api, ann, '/v1/notifications/ws')
    const inRoom = await openSocket(api, ann, `/v1/chat/rooms/${room.id}/ws`)
    await vi.waitFor(async () => expect(await open()).toEqual({ user: before.user + 1, room: before.room + 1 }))
    own.close()
    inRoom.close()
    await vi.waitFor(async () => expect(await open()).toEqual(before), { timeout: 5_000 })
  })

  it('tell what became of messages', async () => {
    const api = createApi()
    const { figures: counter } = isolateOf(env)
    const consume = () =>
      deliverTo((batch, ctx) => worker.queue(batch, env, ctx), 'selvage-normal', [{ id: 'x', body: {}, attempts: 9 }])
    const told = async () => {
      await counter.tell(figuresPorts(env))
      const { queues } = (await readFigures(api)).figures
      return { failed: sum(queues.failed), buried: sum(queues.buried) }
    }
    const before = await told()
    await consume()
    expect(await told()).toEqual({ failed: before.failed + 1, buried: before.buried + 1 })
  })
})
