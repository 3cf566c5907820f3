import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import {
  FigureCounter,
  type FiguresFlush,
  type OpenSockets,
  SOCKET_SHARDS,
  socketShardOf,
} from '../../src/platform/observability/figure-counter.ts'
import { stepFor } from '../../src/platform/observability/figure-steps.ts'
import { bucketOf, type Counts, mergeCounts, quantileOf } from '../../src/platform/observability/figures.ts'

const START = Date.parse('2026-03-01T12:00:30Z')
const EVERY_MS = 10_000

/** A counter whose time a test moves, and what the objects heard of it. */
function makeCounter() {
  let now = START
  const heard: FiguresFlush[] = []
  const sockets: OpenSockets[][] = []
  const shards: number[] = []
  const down = { before: false, after: false }
  const counter = new FigureCounter(() => now, EVERY_MS)
  const tell = async () => {
    await counter.tell({
      add: async (_shard, flush) => {
        if (down.before) throw new Error('It is down')
        heard.push(structuredClone(flush))
        if (down.after) throw new Error('Its answer was lost')
      },
      tellSockets: async (shard, told) => {
        if (down.before) throw new Error('It is down')
        shards.push(shard)
        sockets.push(told)
      },
    })
  }
  return { counter, tell, heard, sockets, shards, down, pass: (ms: number) => (now += ms) }
}

/** What all flushes together say, each number once. */
function total(heard: FiguresFlush[]): Counts {
  const all: Counts = {}
  const byNumber = new Map(heard.map((flush) => [flush.number, flush]))
  for (const { minutes } of byNumber.values()) for (const [, counts] of minutes) mergeCounts(all, counts)
  return all
}

describe('an isolate that counts', () => {
  it('tells at most every ten seconds, and not at all while it has counted nothing', async () => {
    const { counter, tell, heard, pass } = makeCounter()
    counter.request(200, 3, [])
    expect(counter.isDue()).toBe(false)
    pass(EVERY_MS)
    expect(counter.isDue()).toBe(true)
    await tell()
    expect(counter.isDue()).toBe(false)
    pass(10 * EVERY_MS)
    expect(counter.isDue()).toBe(false)
    counter.spent.d1RowsRead += 7
    expect(counter.isDue()).toBe(true)
    await tell()
    expect(total(heard)).toEqual({
      'http_requests_total|2xx': 1,
      'http_request_duration_ms|5': 1,
      d1_rows_read_total: 7,
    })
  })

  it('says of each minute what happened in it', async () => {
    const { counter, tell, heard, pass } = makeCounter()
    counter.request(200, 3, [])
    counter.spent.queueSends += 2
    pass(MINUTE_MS)
    counter.request(429, 1, ['free', 'data'])
    counter.message('handled', 40)
    await tell()
    expect(heard).toEqual([
      expect.objectContaining({
        minutes: [
          [START - 30_000, { 'http_requests_total|2xx': 1, 'http_request_duration_ms|5': 1, queue_sends_total: 2 }],
          [
            START + 30_000,
            {
              'http_requests_total|4xx': 1,
              'http_request_duration_ms|1': 1,
              'rate_limit_refused_total|free': 1,
              'rate_limit_refused_total|data': 1,
              'queue_messages_total|handled': 1,
              'queue_lag_ms|50': 1,
            },
          ],
        ],
      }),
    ])
  })

  it('repeats what was not confirmed with the same number and content, and loses nothing that came meanwhile', async () => {
    const { counter, tell, heard, down, pass } = makeCounter()
    counter.request(200, 3, [])
    for (const [before, after] of [
      [true, false],
      [false, true],
      [false, false],
      [false, false],
    ] as const) {
      Object.assign(down, { before, after })
      await tell()
      counter.request(200, 3, [])
      pass(EVERY_MS)
    }
    await tell()
    expect(heard.map(({ number }) => number)).toEqual([1, 1, 2, 3])
    expect(heard[1]).toEqual(heard[0])
    expect(total(heard)['http_requests_total|2xx']).toBe(5)
  })

  it('gives up after half an hour, and remembers no more than that', async () => {
    const { counter, tell, heard, down, pass } = makeCounter()
    down.before = true
    counter.request(500, 3, [])
    await tell()
    for (let minute = 0; minute < 60; minute += 1) {
      pass(MINUTE_MS)
      counter.request(200, 3, [])
    }
    down.before = false
    await tell()
    expect(total(heard)).toMatchObject({ 'http_requests_total|2xx': 31 })
    expect(total(heard)['http_requests_total|5xx']).toBeUndefined()
  })

  it('tells the latest number of sockets of each object, and again what was not heard', async () => {
    const { counter, tell, sockets, down, pass } = makeCounter()
    counter.sockets('room', 'a', 1)
    counter.sockets('user', 'b', 1)
    counter.sockets('room', 'a', 2)
    down.before = true
    await tell()
    down.before = false
    pass(EVERY_MS)
    expect(counter.isDue()).toBe(true)
    await tell()
    await tell()
    const words = sockets.flat().map(({ object, count }) => [object, count])
    expect(words.toSorted()).toEqual([
      ['a', 2],
      ['b', 1],
    ])
  })

  it('tells of an object always the same of eight, which share them evenly, in one call to each', async () => {
    const { counter, tell, sockets, shards } = makeCounter()
    const objects = Array.from({ length: 800 }, (_, i) => `object ${i}`)
    for (const object of objects) counter.sockets('user', object, 1)
    await tell()
    expect(shards.toSorted()).toEqual(Array.from({ length: SOCKET_SHARDS }, (_, i) => i))
    for (const [i, told] of sockets.entries()) {
      expect(told.length).toBeGreaterThan(60)
      expect(told.length).toBeLessThan(150)
      for (const { object } of told) expect(socketShardOf(object)).toBe(shards[i])
    }
    expect(new Set(sockets.flat().map(({ object }) => object)).size).toBe(800)
  })

  it('gathers words of sockets for a minute, but for the first and what was too much for a call', async () => {
    const { counter, tell, sockets, pass } = makeCounter()
    const told = () => sockets.flat().length
    counter.sockets('user', 'first', 1)
    await tell()
    expect(told()).toBe(1)
    counter.sockets('user', 'second', 1)
    pass(EVERY_MS)
    expect(counter.isDue()).toBe(false)
    pass(4 * EVERY_MS)
    await tell()
    expect(told()).toBe(1)
    pass(EVERY_MS)
    expect(counter.isDue()).toBe(true)
    await tell()
    expect(told()).toBe(2)
    pass(6 * EVERY_MS)
    for (let n = 0; n < 6_000; n += 1) counter.sockets('user', `of a deploy ${n}`, 1)
    await tell()
    pass(EVERY_MS)
    await tell()
    expect([told(), Math.max(...sockets.map(({ length }) => length))]).toEqual([6_002, 500])
  })
})

describe('a histogram', () => {
  it('says how long so large a share took at most', () => {
    const counts: Counts = {}
    const add = (ms: number, n: number) => mergeCounts(counts, { [bucketOf('t', ms)]: n })
    expect(quantileOf(counts, 't', 0.5)).toBeNull()
    add(15, 90)
    add(150, 9)
    add(9_999_999, 1)
    expect(quantileOf(counts, 't', 0.5)).toBeCloseTo(15.6, 1)
    expect(quantileOf(counts, 't', 0.95)).toBeCloseTo(155.6, 1)
    expect(quantileOf(counts, 't', 1)).toBe(300_000)
  })

  it('is asked for in steps that make no more than 300 points', () => {
    expect([5, 300, 301, 1_440, 10_080].map((minutes) => stepFor(minutes) / MINUTE_MS)).toEqual([1, 1, 5, 5, 60])
  })
})
