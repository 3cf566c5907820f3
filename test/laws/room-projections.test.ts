import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createSystemContext } from '../../src/compose.ts'
import type { MembersChange, Results, WorkData, WorkName } from '../../src/features/chat/commands.ts'
import { projectMembers } from '../../src/features/chat/project-room.ts'
import { projectReading } from '../../src/features/chat/project-summaries.ts'
import { listRooms } from '../../src/features/chat/queries.ts'
import { DEFAULT_SETTINGS } from '../../src/features/chat/schemas.ts'
import { chatSubscribers } from '../../src/features/chat/subscribers.ts'
import { createIsolate } from '../../src/isolate.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { type EventEnvelope, fromWire } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { LaneMessage } from '../../src/platform/queues/lanes.ts'
import { type Outcome, unwrap } from '../../src/platform/result.ts'
import { DIRECTLY, say, strangers } from '../support/membership.ts'

const isolate = createIsolate(env)
const makeContext = () => createSystemContext(isolate, env, 'law', () => undefined)
type Context = ReturnType<typeof makeContext>

/** One thing that D1 is told of a room, by its event or by the request that has caused it. */
interface Told {
  name: string
  tell: (ctx: Context) => Promise<void>
  /** Of what its subscriber handles with others of its type. */
  summary?: EventEnvelope
}

/** What the room tells, event by event, in the order in which it does. */
const told: Told[] = []
const record = (bodies: unknown[]) => {
  for (const body of bodies) {
    const { subscriber, event } = LaneMessage.parse(body)
    const found = chatSubscribers.find(({ name }) => name === subscriber)
    if (!found) continue
    const summary = found.handleAll ? { summary: fromWire(event) } : {}
    told.push({ name: event.type, tell: (ctx) => found.handle(ctx, fromWire(event)), ...summary })
  }
}

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  for (const queue of [env.CRITICAL_QUEUE, env.NORMAL_QUEUE, env.BULK_QUEUE]) {
    const take = async (bodies: unknown[]) => {
      record(bodies)
      return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } }
    }
    vi.spyOn(queue, 'send').mockImplementation((body) => take([body]))
    vi.spyOn(queue, 'sendBatch').mockImplementation((all) => take([...all].map(({ body }) => body)))
  }
})
afterAll(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const person = (username: string) => ({ id: newId(), username })
const [ann, bob, cara] = [person('ann'), person('bob'), person('cara')]
const [dora, emil] = [person('dora'), person('emil')]
const people = [ann, bob, cara, dora, emil]

/** A room whose life has all that D1 hears of, and that may grow large in the end. */
async function liveRoom(size: string): Promise<string> {
  const roomId = newId()
  told.length = 0
  const stub = env.CHAT_ROOM.getByName(roomId)
  const pass = async () => {
    await runDurableObjectAlarm(stub)
    vi.setSystemTime(Date.now() + 3 * SECOND_MS)
  }
  const request = async (change: MembersChange) => {
    if (change) told.push({ name: 'request', tell: (ctx) => projectMembers(ctx, change) })
    await pass()
  }
  const act = async <N extends WorkName>(by: typeof ann, event: N, data: WorkData<N>) =>
    // RPC's types lose a value that may be anything.
    unwrap((await say(stub, by, event, data)) as Outcome<{ value: unknown }>).value as Results[N]
  const members = [ann, bob, cara].map(({ id: userId, username }, i) => {
    return { userId, username, avatar: null, role: i === 0 ? ('owner' as const) : ('member' as const) }
  })
  const settings = { ...DEFAULT_SETTINGS, joinPolicy: 'open' as const }
  const room = {
    id: roomId,
    objectName: roomId,
    type: 'group' as const,
    name: 'Law',
    createdBy: ann.id,
    settings,
    members,
  }
  await stub.open(DIRECTLY, room)
  await pass()
  const write = async (content: string) => {
    await act(ann, 'message:send', { type: 'text', content })
    await pass()
  }
  await write('for @bob and @cara')
  await request(await act(bob, 'room:leave', {}))
  await request(await act(dora, 'room:join', {}))
  await write('hello @dora')
  await request((await act(ann, 'member:role', { userId: dora.id, role: 'moderator' })).change)
  await request(await act(bob, 'room:join', {}))
  await write('again @bob')
  const reading = await act(bob, 'message:read', {})
  told.push({ name: 'reading', tell: (ctx) => projectReading(ctx, bob.id, reading) })
  await write('and again @bob')
  await act(ann, 'room:update', { name: 'Law and order', joinPolicy: 'invite' })
  await pass()
  await request(await act(ann, 'member:remove', { userId: cara.id }))
  if (size === 'large') await request(await act(ann, 'member:add', { people: strangers(98) }))
  const again = [cara, emil].map(({ id, username }) => ({ userId: id, username, avatar: null }))
  await request(await act(ann, 'member:add', { people: again }))
  // The last that is told of this one says nothing of what they have seen.
  await request((await act(ann, 'member:role', { userId: emil.id, role: 'moderator' })).change)
  await write('all together, @dora')
  return roomId
}

/** What can be seen of a room in D1: the lists of its people, and who has left. */
async function seen(roomId: string): Promise<unknown> {
  const { db } = makeContext().core
  const lists = await Promise.all(people.map(({ id }) => listRooms(db, id, undefined, 10)))
  const { results: room } = await env.DB.prepare('select * from rooms where id = ?').bind(roomId).all()
  const { results: members } = await env.DB.prepare(
    `select user_id, role, joined_at, is_large, seen_count, mention_count, member_seq, left_at from room_members
     where room_id = ? and left_at is null order by user_id`,
  )
    .bind(roomId)
    .all()
  const { results: left } = await env.DB.prepare(
    'select user_id, member_seq, left_at from room_members where room_id = ? and left_at is not null order by user_id',
  )
    .bind(roomId)
    .all()
  return { lists, room, members, left }
}

async function forget(roomId: string): Promise<void> {
  await env.DB.prepare('delete from room_members where room_id = ?').bind(roomId).run()
  await env.DB.prepare('delete from rooms where id = ?').bind(roomId).run()
}

/** Summaries in batches of so many, as a queue brings them. */
async function tellAll(all: readonly Told[], together = 1): Promise<void> {
  // Nobody can do anything in a room of which D1 does not know, so that comes first.
  const created = all.filter(({ name }) => name === 'room.created')
  const waiting: EventEnvelope[] = []
  const tellWaiting = async () => projectTogether(makeContext(), waiting.splice(0))
  for (const { tell, summary } of [...created, ...all]) {
    if (summary && together > 1) waiting.push(summary)
    else await tell(makeContext())
    if (waiting.length === together) await tellWaiting()
  }
  if (waiting.length > 0) await tellWaiting()
}

function projectTogether(ctx: Context, events: readonly EventEnvelope[]): Promise<void> | undefined {
  return chatSubscribers.find(({ name }) => name === 'chat.project-summary')?.handleAll?.(ctx, events)
}

describe('what D1 is told of a room', () => {
  it.each([
    ['small', 5, 0],
    ['large', 103, 1],
  ])(
    'comes to the same rows of a %s one in any order, however often and however many at once it is told (R13.3, R13.33, R13.34)',
    async (size, memberCount, isLarge) => {
      const roomId = await liveRoom(size)
      expect(new Set(told.map(({ name }) => name))).toEqual(
        new Set(['room.created', 'room.members_changed', 'room.summarised', 'room.updated', 'request', 'reading']),
      )
      await tellAll(told)
      const right = await seen(roomId)
      expect(right).toMatchObject({
        lists: [
          [{ memberCount, unread: 0 }],
          [{ mentions: 1, unread: 2 }],
          [{ mentions: 0, unread: 1 }],
          [{ mentions: 2, unread: 4 }],
          [{ mentions: 0, unread: 1 }],
        ],
        room: [{ is_large: isLarge, name: 'Law and order', member_count: memberCount }],
      })
      // Also without what requests tell, and with all of it twice.
      const events = told.filter(({ name }) => name.startsWith('room.'))
      const anyOrder = fc
        .constantFrom<Told[]>(events, told, [...told, ...told])
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
      await fc.assert(
        fc.asyncProperty(anyOrder, fc.integer({ min: 1, max: 8 }), async (order, together) => {
          await forget(roomId)
          await tellAll(order, together)
          expect(await seen(roomId)).toEqual(right)
        }),
        { numRuns: 20 },
      )
      await forget(roomId)
    },
    120_000,
  )
})
