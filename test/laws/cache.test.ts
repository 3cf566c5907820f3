import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { BELIEVED_MS, type CacheCall, TieredCache } from '../../src/platform/cache/cache.ts'
import { type CacheSpace, defineCache } from '../../src/platform/cache/cache-space.ts'
import type { CacheTier } from '../../src/platform/cache/cache-tier.ts'
import { createEdgeTier } from '../../src/platform/cache/edge-tier.ts'
import { IsolateTier } from '../../src/platform/cache/isolate-tier.ts'
import { createUpstashTier } from '../../src/platform/cache/upstash-tier.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { hasRedis, UPSTASH } from '../support/limiters.ts'

const BEGAN = 1_800_000_000_000
let now = BEGAN
const at = (ms: number) => {
  now = BEGAN + ms
}

const edge = (name = crypto.randomUUID()) => createEdgeTier(`test-${name}`)
const shared = (name = crypto.randomUUID(), given = {}) =>
  createUpstashTier({ timeoutMs: 5_000, ...UPSTASH, prefix: `test:${name}:`, ...given })
const ADAPTERS = [
  { name: 'an isolate', isHere: true, make: () => new IsolateTier() as CacheTier },
  { name: 'the Cache API', isHere: true, make: () => edge() },
  { name: 'Upstash', isHere: hasRedis, make: () => shared() },
]

/** An isolate with these tiers: `rest` waits for all that goes on after answers. */
function isolateWith(...tiers: CacheTier[]) {
  return patientIsolate(10_000, tiers)
}

function patientIsolate(patienceMs: number, tiers: CacheTier[]) {
  at(0)
  const deferred: Promise<unknown>[] = []
  const counts = { cacheHits: 0, cacheCalls: 0 }
  const log = { warn: vi.fn(), error: vi.fn(), info: vi.fn(), debug: vi.fn() }
  const cache = new TieredCache({ tiers, clock: () => now, random: () => 0, patienceMs })
  const call: CacheCall = {
    log: log as unknown as CacheCall['log'],
    meter: { noteCache: (what) => (counts[what] += 1) },
    defer: (work) => void deferred.push(work),
  }
  const rest = async () => {
    while (deferred.length > 0) await deferred.shift()
  }
  const opened = cache.open(call)
  return {
    ...{ counts, log, rest, opened },
    invalidate: (tags: readonly string[]) => opened.invalidate(tags),
    /** Reads and lets everything come to rest. */
    read: async <V>(space: CacheSpace<V, string>, key: string, load: () => Promise<V>) => {
      const value = await opened.read(space, key, load)
      await rest()
      return value
    },
  }
}

const numbers = defineCache<number | null, string>({
  ...{ name: 'numbers', schema: z.number().nullable(), ttlMs: 60_000, staleMs: 30_000, negativeMs: 10_000 },
  tags: ['numbers'],
})

const pages = defineCache<{ first: string; total: number }, string>({
  ...{ name: 'pages', schema: z.object({ first: z.string(), total: z.number() }), text: 'first', ttlMs: 60_000 },
})

/** Answers 1, 2, 3 ... and how often it was asked. */
function counter() {
  let loads = 0
  return { load: async () => ++loads, loads: () => loads }
}

describe.each(ADAPTERS)('a cache in $name', ({ isHere, make }) => {
  describe.skipIf(!isHere)('', () => {
    it('answers from memory until its time is over, then once more while it loads anew (R20.2, R25.3)', async () => {
      const { read } = isolateWith(make())
      const { load, loads } = counter()
      expect([await read(numbers, 'a', load), await read(numbers, 'a', load)]).toEqual([1, 1])
      expect(await read(numbers, 'b', load)).toBe(2)
      at(59_999)
      expect([await read(numbers, 'a', load), loads()]).toEqual([1, 2])
      at(60_000)
      expect([await read(numbers, 'a', load), loads()]).toEqual([1, 3])
      expect(await read(numbers, 'a', load)).toBe(3)
      at(60_000 + 90_000)
      expect(await read(numbers, 'a', load)).toBe(4)
    })

    it('never answers again what was loaded before its tag was raised, however far that load had come (R6.19)', async () => {
      const { read, invalidate } = isolateWith(make())
      const { load } = counter()
      await read(numbers, 'a', load)
      expect(await invalidate(['numbers'])).toBe(true)
      expect(await read(numbers, 'a', load)).toBe(2)
      const overtaken = read(numbers, 'b', async () => {
        await invalidate(['numbers'])
        return 100
      })
      expect(await overtaken).toBe(100)
      expect(await read(numbers, 'b', load)).toBe(3)
      await invalidate(['others'])
      expect(await read(numbers, 'b', load)).toBe(3)
    })

    it('remembers 0 as any other number, and null for as long as it is asked to (R5.13)', async () => {
      const { read } = isolateWith(make())
      let loads = 0
      const loading = (value: number | null) => async () => {
        loads += 1
        return value
      }
      expect([await read(numbers, 'zero', loading(0)), await read(numbers, 'zero', loading(7))]).toEqual([0, 0])
      expect([await read(numbers, 'none', loading(null)), await read(numbers, 'none', loading(7))]).toEqual([
        null,
        null,
      ])
      expect(loads).toBe(2)
      at(10_000)
      expect(await read(numbers, 'none', loading(7))).toBe(7)
      const never = defineCache({ ...numbers, name: 'never', negativeMs: 0 })
      await read(never, 'none', loading(null))
      expect(await read(never, 'none', loading(5))).toBe(5)
    })

    it('keeps the text that a space names as it is, beside what else there is', async () => {
      const tier = make()
      const page = { first: 'one\ntwo "three"\\', total: 2 }
      const load = () => Promise.reject(new Error('not asked'))
      await isolateWith(tier).read(pages, 'a', async () => page)
      expect(await isolateWith(tier).read(pages, 'a', load)).toEqual(page)
    })

    it('remembers no refusal', async () => {
      const { read } = isolateWith(make())
      const refuse = () => Promise.reject(new Refusal('NOT_FOUND', 'No such number'))
      await expect(read(numbers, 'a', refuse)).rejects.toThrow('No such number')
      expect(await read(numbers, 'a', async () => 1)).toBe(1)
    })

    it('goes on with what is stale while loading fails, and no longer than it may', async () => {
      const { read, log } = isolateWith(make())
      const fail = () => Promise.reject(new Error('The database is down'))
      await read(numbers, 'a', async () => 1)
      at(89_999)
      expect(await read(numbers, 'a', fail)).toBe(1)
      expect(log.warn).toHaveBeenCalledWith('Cache Not Renewed', expect.anything())
      at(90_000)
      await expect(read(numbers, 'a', fail)).rejects.toThrow('The database is down')
    })

    it('lets nobody join what began to load before its tag was raised (R6.19)', async () => {
      const isolate = isolateWith(make())
      const began = Promise.withResolvers<number>()
      const early = isolate.opened.read(numbers, 'a', () => began.promise)
      await isolate.invalidate(['numbers'])
      const late = isolate.opened.read(numbers, 'a', async () => 2)
      began.resolve(1)
      expect([await early, await late]).toEqual([1, 2])
    })

    it('loads once for a hundred who ask at once (R25.4)', async () => {
      const { opened, rest } = isolateWith(make())
      const { load, loads } = counter()
      const slow = async () => {
        await scheduler.wait(5)
        return load()
      }
      const all = await Promise.all(Array.from({ length: 100 }, () => opened.read(numbers, 'hot', slow)))
      await rest()
      expect([new Set(all), loads()]).toEqual([new Set([1]), 1])
    })

    it('has one key for the same thing in any order, and others for what differs', async () => {
      const { opened, rest } = isolateWith(make())
      const { load } = counter()
      const pairs = defineCache({ name: 'pairs', schema: z.number(), ttlMs: 1_000 })
      const keys = [
        { a: 1, b: ['x', 'y'] },
        { b: ['x', 'y'], a: 1, c: undefined },
        { a: '1', b: ['x', 'y'] },
        { a: 1, b: ['y', 'x'] },
      ]
      const found = []
      for (const key of keys) {
        found.push(await opened.read(pairs, key, load))
        await rest()
      }
      expect(found).toEqual([1, 1, 2, 3])
    })
  })
})

describe('a hundred who ask at once, over several tiers', () => {
  it.for([
    ['the Cache API', true, () => [edge()]],
    ['Upstash', hasRedis, () => [shared()]],
    ['both', hasRedis, () => [edge(), shared()]],
  ] as const)('load once, and look once in each of them: %s (P7)', async ([_name, isHere, make], { skip }) => {
    skip(!isHere, 'Redis is not installed')
    const outer = make()
    const looks = outer.map((tier) => vi.spyOn(tier, 'look'))
    const { opened, read, rest, counts } = isolateWith(new IsolateTier(), ...outer)
    const { load, loads } = counter()
    const askAll = () => Promise.all(Array.from({ length: 100 }, () => opened.read(numbers, 'hot', load)))
    const cold = await askAll()
    await rest()
    expect([new Set(cold), loads()]).toEqual([new Set([1]), 1])
    expect(looks.map((look) => look.mock.calls.length)).toEqual(outer.map(() => 1))
    const calls = counts.cacheCalls
    expect([new Set(await askAll()), loads(), counts.cacheCalls]).toEqual([new Set([1]), 1, calls])
    at(60_000)
    expect(new Set(await askAll())).toEqual(new Set([1]))
    await rest()
    expect([await read(numbers, 'hot', load), loads()]).toEqual([2, 2])
  })
})

describe('how stale two isolates may be after a write', () => {
  const twoOver = async (...outer: CacheTier[]) => {
    const [one, other] = [isolateWith(new IsolateTier(), ...outer), isolateWith(new IsolateTier(), ...outer)]
    const { load, loads } = counter()
    await one.read(numbers, 'a', load)
    await other.read(numbers, 'a', load)
    return { one, other, load, loads }
  }

  it.for([
    ['the Cache API', true, () => [edge()]],
    ['Upstash', hasRedis, () => [shared()]],
    ['Upstash behind places of their own', hasRedis, () => [edge(), shared()]],
  ] as const)(
    'over %s: the writer not at all, the other one 5 seconds (S18)',
    async ([_name, isHere, make], { skip }) => {
      skip(!isHere, 'Redis is not installed')
      const { one, other, load, loads } = await twoOver(...make())
      expect(loads()).toBe(1)
      at(1_000)
      await one.invalidate(['numbers'])
      expect(await other.read(numbers, 'a', load)).toBe(1)
      expect(await one.read(numbers, 'a', load)).toBe(2)
      at(BELIEVED_MS)
      expect(await other.read(numbers, 'a', load)).toBe(2)
      expect(loads()).toBe(2)
    },
  )

  it('in places that share nothing: as long as a value may stand at all, and no longer', async () => {
    const places = [edge(), edge()] as const
    const [one, other] = [isolateWith(new IsolateTier(), places[0]), isolateWith(new IsolateTier(), places[1])]
    await other.read(numbers, 'a', async () => 1)
    await one.invalidate(['numbers'])
    at(89_999)
    expect(await other.opened.read(numbers, 'a', () => Promise.reject(new Error('down')))).toBe(1)
    await other.rest()
    at(90_000)
    expect(await other.read(numbers, 'a', async () => 2)).toBe(2)
  })

  it.skipIf(!hasRedis)(
    'a value that an isolate took from a place counts from when that had it from Upstash',
    async () => {
      const [place, redis] = [edge(), shared()]
      const [one, late] = [isolateWith(new IsolateTier(), place, redis), isolateWith(new IsolateTier(), place, redis)]
      const elsewhere = isolateWith(redis)
      await one.read(numbers, 'a', async () => 1)
      at(BELIEVED_MS - 1)
      await elsewhere.invalidate(['numbers'])
      expect(await late.read(numbers, 'a', async () => 2)).toBe(1)
      at(BELIEVED_MS)
      expect(await late.read(numbers, 'a', async () => 2)).toBe(2)
    },
  )
})

describe('a tier that is down', () => {
  it.skipIf(!hasRedis).each([
    ['refuses', { url: 'http://127.0.0.1:1' }],
    ['never answers', { url: `${UPSTASH.url}/hang`, timeoutMs: 50 }],
    ['answers with a page', { url: `${UPSTASH.url}/answers/200/${encodeURIComponent('<html>')}` }],
  ])('and %s means loading, and a line in the log: never an error (S11)', async (_name, given) => {
    const { read, invalidate, log, counts } = isolateWith(new IsolateTier(), shared('down', given))
    const { load } = counter()
    expect(await read(numbers, 'a', load)).toBe(1)
    expect(log.warn).toHaveBeenCalledWith('Cache Down', expect.objectContaining({ tier: 'shared' }))
    expect(await read(numbers, 'a', load)).toBe(1)
    expect(counts).toEqual({ cacheHits: 1, cacheCalls: 1 })
    expect(await invalidate(['numbers'])).toBe(false)
    expect(await read(numbers, 'a', load)).toBe(2)
  })

  it('while the database is down as well leaves what was true a moment ago', async () => {
    const tier = edge()
    const broken = { ...tier, name: 'broken' }
    const { read } = isolateWith(new IsolateTier(), broken)
    await read(numbers, 'a', async () => 1)
    broken.look = () => Promise.reject(new Error('down'))
    at(BELIEVED_MS)
    expect(await read(numbers, 'a', () => Promise.reject(new Error('down too')))).toBe(1)
    await expect(read(numbers, 'a', () => Promise.reject(new Refusal('FORBIDDEN', 'No')))).rejects.toThrow('No')
  })
})

it('takes nothing from outside the isolate that does not fit its schema', async () => {
  const tier = edge()
  await isolateWith(tier).read(
    defineCache({ ...numbers, schema: z.string(), tags: ['numbers'] }),
    'a',
    async () => 'one',
  )
  expect(await isolateWith(tier).read(numbers, 'a', async () => 1)).toBe(1)
})

it.each(['null', '17', '{"total":1}', 'nonsense\n', '{"total":"one"}\nfirst'])(
  'takes no %j for a page',
  async (text) => {
    const tier = edge()
    const pretending = { ...pages, form: { write: () => text, read: () => ({ first: '', total: 0 }) } }
    await isolateWith(tier).read(pretending, 'a', async () => ({ first: '', total: 0 }))
    const page = { first: 'one', total: 1 }
    expect(await isolateWith(tier).read(pages, 'a', async () => page)).toEqual(page)
  },
)

it('waits for nobody who has gone away with what they load', async () => {
  const { opened } = patientIsolate(30, [new IsolateTier()])
  const { load, loads } = counter()
  void opened.read(numbers, 'a', () => new Promise(() => undefined))
  const waiting = Array.from({ length: 20 }, () => opened.read(numbers, 'a', load))
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([1]))
  expect(loads()).toBe(1)
})

it('lends nobody what another one could change', async () => {
  const { read } = isolateWith(new IsolateTier())
  const lists = defineCache<number[], string>({ name: 'lists', schema: z.array(z.number()), ttlMs: 1_000 })
  const first = await read(lists, 'a', async () => [1])
  first.push(2)
  expect(await read(lists, 'a', async () => [3])).toEqual([1])
})

it('holds no more entries and bytes in an isolate than it may, and lets go of what was not used for longest', async () => {
  const tier = new IsolateTier({ mostEntries: 3, mostBytes: 4_000 })
  const entry = (text: string) => ({ text, freshUntil: 1, goneAt: 1, checkedAt: 1, stamps: [] })
  for (const key of ['a', 'b', 'c']) await tier.keep(key, entry('1'))
  await tier.look('a', [])
  await tier.keep('d', entry('1'))
  const has = async (key: string) => (await tier.look(key, [])).entry !== undefined
  expect(await Promise.all(['a', 'b', 'c', 'd'].map(has))).toEqual([true, false, true, true])
  await tier.keep('huge', entry('x'.repeat(1_000)))
  expect(await has('huge')).toBe(false)
  for (const key of ['e', 'f', 'g', 'h', 'i']) await tier.keep(key, entry('x'.repeat(480)))
  expect(tier.size.bytes).toBeLessThanOrEqual(4_000)
  expect(tier.size.entries).toBe(3)
})
