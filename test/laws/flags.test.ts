import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createFixedFlags } from '../../src/platform/flags/fixed-flags.ts'
import { type Flags, isChosen, type Rollout } from '../../src/platform/flags/flags.ts'
import { createKvFlags, FLAG_MEMORY_MS, type FlagStore } from '../../src/platform/flags/kv-flags.ts'
import { recordingLog } from '../support/queues.ts'

const FLAG = 'v2-features-for-v1'
const [ann, bob] = [crypto.randomUUID(), crypto.randomUUID()]

const KINDS: [string, (rollout: Rollout) => Promise<Flags>][] = [
  ['fixed', async (rollout) => createFixedFlags({ [FLAG]: rollout })],
  [
    'kept in KV',
    async (rollout) => {
      await env.CONFIG.put(`flag:${FLAG}`, JSON.stringify(rollout))
      return createKvFlags(env.CONFIG, { clock: Date.now, log: recordingLog() })
    },
  ],
]

describe.each(KINDS)('flags that are %s', (_kind, make) => {
  it('are on for those who are named, and for nobody else where the share is 0 (R3.17)', async () => {
    const flags = await make({ percent: 0, userIds: [ann] })
    expect([await flags.isOn(FLAG, ann), await flags.isOn(FLAG, bob)]).toEqual([true, false])
  })

  it('are on for guests where everybody is in, and nowhere else (R37.6)', async () => {
    const forGuests = async (percent: number) => (await make({ percent, userIds: [ann] })).isOn(FLAG, null)
    expect([await forGuests(0), await forGuests(99.9), await forGuests(100)]).toEqual([false, false, true])
  })

  it('are on for everybody at 100, and for nobody at 0', async () => {
    const everybody = Array.from({ length: 50 }, () => crypto.randomUUID())
    const among = async (percent: number) => {
      const flags = await make({ percent, userIds: [] })
      return (await Promise.all(everybody.map((id) => flags.isOn(FLAG, id)))).filter(Boolean).length
    }
    expect([await among(0), await among(100)]).toEqual([0, 50])
  })
})

it('a share chooses about so many, the same ones each time, and more as it grows (R3.17)', () => {
  const everybody = Array.from({ length: 4_000 }, (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`)
  const chosen = (percent: number) => everybody.filter((id) => isChosen(FLAG, { percent, userIds: [] }, id))
  const [few, more] = [chosen(10), chosen(30)]
  expect(few.length / everybody.length).toBeCloseTo(0.1, 1)
  expect(more.length / everybody.length).toBeCloseTo(0.3, 1)
  expect(few.filter((id) => !more.includes(id))).toEqual([])
})

describe('flags in KV', () => {
  function over(get: () => Promise<string | null>) {
    let now = 1_000
    let reads = 0
    const log = recordingLog()
    const store = {
      get: () => {
        reads += 1
        return get()
      },
    } as unknown as FlagStore
    const flags = createKvFlags(store, { clock: () => now, log })
    const advance = (ms: number) => {
      now += ms
    }
    return { isOn: () => flags.isOn(FLAG, ann), reads: () => reads, log, advance }
  }

  it('are read once in half a minute, and then anew', async () => {
    let value: string | null = JSON.stringify({ userIds: [ann] })
    const kv = over(async () => value)
    expect([await kv.isOn(), await kv.isOn()]).toEqual([true, true])
    value = null
    kv.advance(FLAG_MEMORY_MS - 1)
    expect([await kv.isOn(), kv.reads()]).toEqual([true, 1])
    kv.advance(1)
    expect([await kv.isOn(), kv.reads()]).toEqual([false, 2])
  })

  it.each([
    ['cannot be read', () => Promise.reject(new Error('down'))],
    ['never answer', () => new Promise<never>(() => undefined)],
    ['are no JSON', async () => '{'],
    ['are of another form', async () => '{"percent":"all"}'],
  ])('that %s are off, which is logged, and not asked for at each request', async (_what, get) => {
    const kv = over(get)
    expect([await kv.isOn(), await kv.isOn(), kv.reads()]).toEqual([false, false, 1])
    expect(kv.log.of('Flag Not Read')).toHaveLength(1)
  })
})
