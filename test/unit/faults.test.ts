import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Env } from '../../src/env.ts'
import { newId } from '../../src/platform/ids.ts'
import { upgradeRequest } from '../../src/platform/realtime/upgrade.ts'
import { crashEverywhere } from '../support/faults.ts'
import { type Fault, IsolateDied, Wire, wireEnv } from '../support/faulty-bindings.ts'
import { HeldQueues } from '../support/held-queues.ts'

const bindings = (given: object) => ({ ...env, ...given }) as Env
const crash = (at: number, side: Fault['side'] = 'before') => new Wire({ mode: 'crash', at, side })

/** A binding is told by its class, whose name is the runtime's. */
const FakeBucket = class R2Bucket {
  readonly did: string[] = []
  put = async (key: string) => void this.did.push(`put ${key}`)
  createMultipartUpload = async (key: string) => this.resumeMultipartUpload(key)
  resumeMultipartUpload = (key: string) => ({
    key,
    uploadPart: async (part: number) => void this.did.push(`part ${part}`),
  })
}

describe('a process on a wire', () => {
  it('has its calls to every kind of binding numbered in the order in which they start, and named', async () => {
    const wire = new Wire()
    const FILES = new FakeBucket()
    const wired = wireEnv(bindings({ FILES }), wire) as Env & { FILES: R2Bucket }
    const session = wired.DB.withSession('first-primary')
    const statement = session.prepare('select id from users where id in (select ?)').bind('nobody')
    await Promise.all([statement.all(), statement.raw(), wired.ACTIVITY_DB.prepare('delete from inbox').run()])
    expect(await statement.first()).toBeNull()
    await wired.DB.batch([
      wired.DB.prepare('update "users" set id = id'),
      wired.DB.prepare('insert into roles select * from roles where 0'),
    ])
    expect(session.getBookmark()).toEqual(expect.any(String))
    await wired.NORMAL_QUEUE.metrics()
    const call = { correlationId: 'test', traceparent: '' }
    await wired.USER_SOCKET.getByName('nobody').endSessions(call, { sessionIds: [], before: 0 })
    const caller = { userId: newId(), sessionId: newId(), username: 'nobody', avatar: null, openedAt: 0 }
    const room = wired.CHAT_ROOM.get(wired.CHAT_ROOM.idFromName('none'))
    expect((await room.fetch(upgradeRequest({ caller, since: null }))).status).toBe(404)
    await wired.FILES.put('a', 'text')
    const upload = await wired.FILES.createMultipartUpload('b')
    await upload.uploadPart(1, 'text')
    await wired.FILES.resumeMultipartUpload(upload.key, '').uploadPart(2, 'text')
    await wired.LIMIT_FREE.limit({ key: 'not counted' })
    await wire.call('fetch', async () => undefined)
    expect(wire.calls).toEqual([
      'DB(select users)',
      'DB(select users)',
      'ACTIVITY_DB(delete inbox)',
      'DB(select users)',
      'DB.batch(update users; insert roles)',
      'NORMAL_QUEUE.metrics',
      'USER_SOCKET.endSessions',
      'CHAT_ROOM.fetch',
      'FILES.put',
      'FILES.createMultipartUpload',
      'FILES upload.uploadPart',
      'FILES upload.uploadPart',
      'fetch',
    ])
    expect(FILES.did).toEqual(['put a', 'part 1', 'part 2'])
  })

  it('that dies before a call has not made it, and does nothing more', async () => {
    const wire = crash(2)
    const done: number[] = []
    const make = (n: number) => wire.call(`call ${n}`, async () => void done.push(n))
    const deferred = make(1).then(() => Promise.allSettled([make(2), make(3)]))
    expect(await deferred).toMatchObject([{ reason: new IsolateDied() }, { reason: new IsolateDied() }])
    expect(done).toEqual([1])
    expect([wire.struck, wire.isDead, wire.calls]).toEqual(['call 2', true, ['call 1', 'call 2']])
  })

  it('that dies after a call has made it, and hears of nothing that was under way', async () => {
    const wire = crash(1, 'after')
    const done: number[] = []
    const slow = wire.call('struck', async () => void done.push(1))
    const other = wire.call('other', async () => {
      await slow.catch(() => undefined)
      done.push(2)
    })
    expect(await Promise.allSettled([slow, other])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(done).toEqual([1, 2])
  })

  it.each(['before', 'after'] as const)('that loses a connection %s a call lives on', async (side) => {
    const wire = new Wire({ mode: 'lost', at: 1, side })
    const done: number[] = []
    await expect(wire.call('a', async () => void done.push(1))).rejects.toThrow('Network connection lost')
    await wire.call('b', async () => void done.push(2))
    expect(done).toEqual(side === 'after' ? [1, 2] : [2])
    expect(wire.isDead).toBe(false)
  })
})

describe('a crash before a call', () => {
  const followersOf = async (serve: (call: (name: string) => Promise<void>) => Promise<void>, requests = 1) => {
    const wire = new Wire()
    const call = (name: string) => wire.call(name, async () => undefined)
    for (let n = 0; n < requests; n += 1) await wire.answer(() => serve(call))
    await call('after the answer')
    return [...wire.followers]
  }

  it('is the same as after the one before it, where both are alone in one request and nobody has an answer', async () => {
    const inTurn = async (call: (name: string) => Promise<void>) => {
      for (const name of ['a', 'b', 'c']) await call(name)
    }
    expect(await followersOf(inTurn)).toEqual([2, 3])
    // A later request has what the first was answered.
    expect(await followersOf(inTurn, 2)).toEqual([2, 3])
    expect(await followersOf(inTurn, 0)).toEqual([])
  })

  it('is another where something else is under way, or was beside the one before it', async () => {
    const besides = async (call: (name: string) => Promise<void>) => {
      await Promise.all([call('a'), call('b')])
      await call('c')
      await call('d')
    }
    expect(await followersOf(besides)).toEqual([4])
  })
})

describe('a scenario that is struck everywhere', () => {
  it('runs undisturbed, then four times for each of its calls, and says at which one its promise broke', async () => {
    const faults: unknown[] = []
    const scenario = {
      queues: new HeldQueues(),
      arrange: async () => undefined,
      act: async (process: { outside: (name: string, call: () => Promise<void>) => Promise<void> }) => {
        await process.outside('first', async () => undefined)
        await process.outside('second', async () => undefined)
      },
      check: async (_world: undefined, { fault }: { fault: unknown }) => void faults.push(fault),
    }
    expect(await crashEverywhere(scenario)).toEqual(['first', 'second'])
    expect(faults).toHaveLength(9)
    expect(faults[0]).toBeUndefined()
    expect(faults).toContainEqual({ mode: 'crash', side: 'after', at: 2, call: 'second' })
    const check = async (_world: undefined, { fault }: { fault: Fault | undefined }) => {
      if (fault?.at === 2 && fault.side === 'after') throw new Error('There are two')
    }
    await expect(crashEverywhere({ ...scenario, check })).rejects.toThrow(
      'A crash after call 2 of 2, second: There are two',
    )
  })
})
