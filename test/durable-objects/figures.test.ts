import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { currentCall } from '../../src/platform/call.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import type { FiguresFlush } from '../../src/platform/observability/figure-counter.ts'

const START = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS
const at = (ms: number) => vi.setSystemTime(START + ms)

const makeObject = () => {
  const stub = env.FIGURES.getByName(`counts:${crypto.randomUUID()}` as string)
  const value = async <T>(answer: Promise<{ ok: boolean; value?: T }>) => (await answer).value
  return {
    stub,
    add: (flush: FiguresFlush) => stub.add(currentCall(), flush),
    sockets: (...told: [object: string, count: number, at?: number][]) =>
      stub.tellSockets(
        currentCall(),
        told.map(([object, count, since = Date.now()]) => ({ object, count, kind: 'room' as const, at: since })),
      ),
    read: (stepMs: number, from = START) => value(stub.read(currentCall(), { stepMs, from }) as never),
    tables: () =>
      runInDurableObject(
        stub,
        (_instance, { storage }) =>
          storage.sql.exec("select name from sqlite_master where type = 'table' and name not glob '_cf*'").toArray()
            .length,
      ),
  }
}

const flush = (number: number, minutes: FiguresFlush['minutes'], isolate = 'one'): FiguresFlush => ({
  isolate,
  number,
  minutes,
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  at(0)
})
afterEach(() => void vi.useRealTimers())

describe('an object of figures', () => {
  it('adds up what isolates tell, by minute, by five and by hour, and a repeated flush once', async () => {
    const { add, read } = makeObject()
    await add(flush(1, [[START, { a: 1 }]]))
    await add(flush(1, [[START, { a: 1 }]]))
    await add(flush(1, [[START, { a: 10, b: 2 }]], 'other'))
    at(7 * MINUTE_MS)
    await add(
      flush(2, [
        [START + 6 * MINUTE_MS, { a: 100 }],
        [START + 7 * MINUTE_MS, { a: 1_000 }],
      ]),
    )
    expect(await read(MINUTE_MS)).toEqual([
      [START, { a: 11, b: 2 }],
      [START + 6 * MINUTE_MS, { a: 100 }],
      [START + 7 * MINUTE_MS, { a: 1_000 }],
    ])
    expect(await read(5 * MINUTE_MS)).toEqual([
      [START, { a: 11, b: 2 }],
      [START + 5 * MINUTE_MS, { a: 1_100 }],
    ])
    expect(await read(HOUR_MS)).toEqual([[START, { a: 1_111, b: 2 }]])
  })

  it('spends on a flush no more than it says: four rows read and four written, however much there is', async () => {
    const { add } = makeObject()
    for (let i = 1; i <= 3; i += 1) await add(flush(i, [[START, { a: 1 }]]))
    const { spent } = await add(flush(4, [[START, { a: 1, b: 1, c: 1 }]]))
    expect(spent).toEqual({ rowsRead: 4, rowsWritten: 4 })
  })

  it('believes no isolate whose clock is far from its own', async () => {
    const { add, read } = makeObject()
    await add(
      flush(1, [
        [START - 2 * HOUR_MS, { a: 1 }],
        [START + HOUR_MS, { a: 1 }],
      ]),
    )
    expect(await read(HOUR_MS, 0)).toEqual([])
  })

  it('knows how many sockets are open by the latest word of each object, in whatever order it comes', async () => {
    const { sockets, read } = makeObject()
    await sockets(['a', 3], ['b', 2])
    at(MINUTE_MS)
    await sockets(['a', 1])
    await sockets(['a', 9, START], ['b', 0], ['c', 0])
    const told = { 'open_sockets|room': 5 }
    expect(await read(MINUTE_MS)).toEqual([
      [START, told],
      [START + MINUTE_MS, { 'open_sockets|room': 1 }],
    ])
    // What was last before is answered too: the number goes on from there.
    expect(await read(MINUTE_MS, START + 5 * MINUTE_MS)).toEqual([[START + MINUTE_MS, { 'open_sockets|room': 1 }]])
  })

  it('takes who has said nothing for a day to have no socket, and keeps a number that does not change', async () => {
    const { stub, sockets, read } = makeObject()
    await sockets(['a', 3], ['b', 2])
    at(20 * HOUR_MS)
    await sockets(['b', 2])
    at(25 * HOUR_MS)
    await runDurableObjectAlarm(stub)
    expect((await read(MINUTE_MS, START + 25 * HOUR_MS)) as unknown[]).toEqual([
      [START + 20 * HOUR_MS, { 'open_sockets|room': 5 }],
      [START + 25 * HOUR_MS, { 'open_sockets|room': 2 }],
    ])
  })

  it('forgets minutes after a day and all else after a week, and is as new then', async () => {
    const { stub, add, read, tables } = makeObject()
    await add(flush(1, [[START, { a: 1 }]]))
    at(DAY_MS + HOUR_MS)
    await runDurableObjectAlarm(stub)
    expect([await read(MINUTE_MS), await read(5 * MINUTE_MS)]).toEqual([[], [[START, { a: 1 }]]])
    at(8 * DAY_MS)
    await runDurableObjectAlarm(stub)
    expect(await tables()).toBe(0)
    await add(flush(2, [[START + 8 * DAY_MS, { a: 1 }]]))
    expect(await read(HOUR_MS)).toHaveLength(1)
  })
})
