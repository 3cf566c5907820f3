import {
  createExecutionContext,
  createScheduledController,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import { RoomLog } from '../../durable-objects/chat-room/log.ts'
import { Watermarks } from '../../durable-objects/chat-room/watermarks.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import worker from '../../src/index.ts'
import { isolateOf } from '../../src/isolate.ts'
import type { WireEvent } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { currentScope, type Scope } from '../../src/platform/observability/scope.ts'
import { formatTraceparent, parseTraceparent } from '../../src/platform/observability/trace-context.ts'
import { LaneMessage } from '../../src/platform/queues/lanes.ts'
import { createApi } from '../support/api.ts'
import { type LogLine, linesOf } from '../support/log-lines.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { makePair } from '../support/rooms.ts'
import { openSocket } from '../support/sockets.ts'

const TRACE_ID = '3f8a1c5e7b9d2046813579bdf02468ac'
const SPAN_ID = '7c1e5a9d3b8f2460'
const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`
const FRESH_ID = /^[0-9a-f-]{36}$/

const api = createApi()
/** The objects log by the isolate's own logger, the requests of a test by that of its API. */
const logs = [isolateOf(env).log, api.isolate.log]
const stubOf = (objectName: string) => env.CHAT_ROOM.getByName(objectName)
const named = (lines: readonly LogLine[], message: string) => lines.filter((line) => line.message === message)
/** What this room's object has failed at: other rooms may still be at their retries. */
const failures = (lines: readonly LogLine[], roomId: string) =>
  lines.filter((line) => line.level === 'error' && line.roomId === roomId)
const untilFailed = (lines: readonly LogLine[], roomId: string, count = 1) =>
  vi.waitFor(() => expect(failures(lines, roomId)).toHaveLength(count), { timeout: 8_000, interval: 10 })

/** The room writes no message any more, and says so in its log. */
function breakMessages(objectName: string) {
  return runInDurableObject(stubOf(objectName), (_room, state) => {
    state.storage.sql.exec(
      "create trigger broken before insert on messages begin select raise(abort, 'The table is broken'); end",
    )
  })
}

interface Outgoing {
  isDown: boolean
  events: WireEvent[]
}
const allOutgoing: Outgoing[] = []

/** A room tries again every few seconds what its queue refuses: no test leaves that to the next. */
afterEach(() => {
  for (const outgoing of allOutgoing.splice(0)) outgoing.isDown = false
})

/** Gives a room's object, until it sleeps, queues that keep what they are sent, and refuse it while they are down. */
function giveQueues(objectName: string, { isDown }: { isDown: boolean }): Promise<Outgoing> {
  const outgoing: Outgoing = { isDown, events: [] }
  allOutgoing.push(outgoing)
  const queue = {
    sendBatch: async (batch: Iterable<MessageSendRequest>) => {
      if (outgoing.isDown) throw new Error('The queue is overloaded')
      outgoing.events.push(...[...batch].map(({ body }) => LaneMessage.parse(body).event))
    },
  }
  return runInDurableObject(stubOf(objectName), (room: ChatRoom) => {
    Object.assign(room, { env: { ...env, CRITICAL_QUEUE: queue, NORMAL_QUEUE: queue } })
    return outgoing
  })
}

/** A pair's room whose first alarm has rung, so that the next is set by what the test does. */
async function makeQuietPair(headers: Record<string, string> = {}) {
  const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
  const objectName = `pair:${[ann.id, bob.id].toSorted().join(':')}`
  const outgoing = await giveQueues(objectName, { isDown: false })
  const { body } = await api.as(ann).post<Room>('/v1/chat/rooms/private', { userId: bob.id }, { headers })
  const created = await vi.waitFor(
    () => {
      const found = outgoing.events.find(({ type }) => type === 'room.created')
      if (!found) throw new Error('The alarm has not rung')
      return found
    },
    { timeout: 8_000, interval: 10 },
  )
  return { ann, room: body.data, objectName, outgoing, created }
}

/** The event of this type that still waits in a room's outbox. */
async function waiting(objectName: string, type: string) {
  const row = await runInDurableObject(stubOf(objectName), (_room, state) =>
    state.storage.sql
      .exec<{ correlation_id: string; traceparent: string }>(
        'select correlation_id, traceparent from outbox where type = ?',
        type,
      )
      .one(),
  )
  return { correlationId: row.correlation_id, ...parseTraceparent(row.traceparent) }
}

describe('a command to an object', () => {
  it('runs as a child of the span that sent it: its lines say so (R42.4, R41.4)', async () => {
    const { ann, room, objectName } = await makePair(api)
    await breakMessages(objectName)
    const headers = { traceparent, 'x-request-id': 'request-0001' }
    const lines = await linesOf(logs, () =>
      api.as(ann).post(`/v1/chat/rooms/${room.id}/messages`, { content: 'hello' }, { headers }),
    )
    const [[failed], [request]] = [failures(lines, room.id), named(lines, 'HTTP Request')]
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID })
    expect(failed).toMatchObject({
      correlationId: 'request-0001',
      traceId: TRACE_ID,
      parentSpanId: request?.spanId,
      spanId: expect.not.stringMatching(request?.spanId ?? ''),
    })
  })

  it('makes events of its own span, in the trace of the request (R42.4, R42.6)', async () => {
    let pair: Awaited<ReturnType<typeof makeQuietPair>> | undefined
    const lines = await linesOf(logs, async () => {
      pair = await makeQuietPair({ traceparent, 'x-request-id': 'request-0002' })
    })
    const [request] = named(lines, 'HTTP Request')
    const { correlationId, traceparent: made = '' } = pair?.created ?? {}
    const context = parseTraceparent(made)
    expect([correlationId, context?.traceId]).toEqual(['request-0002', TRACE_ID])
    expect([SPAN_ID, request?.spanId]).not.toContain(context?.spanId)
  })
})

describe('a socket', () => {
  /** Opens a room’s socket with a trace and a correlation id of the client’s own. */
  const openTraced = (person: TestPerson, roomId: string, correlationId: string) =>
    openSocket(api, person, `/v1/chat/rooms/${roomId}/ws`, {
      traceparent,
      tracestate: 'rojo=1',
      'x-request-id': correlationId,
    })

  it('keeps its upgrade’s correlation id, and each frame is a trace of its own linked to it (R41.4, R42.4)', async () => {
    const { ann, room, objectName } = await makePair(api)
    const correlationId = 'upgrade-'.padEnd(128, 'x')
    const socket = await openTraced(ann, room.id, correlationId)
    await breakMessages(objectName)
    const lines = await linesOf(logs, async (written) => {
      for (const n of [1, 2]) {
        socket.send('message:send', { content: 'hello' }, n)
        await untilFailed(written, room.id, n)
      }
    })
    const failed = failures(lines, room.id)
    for (const line of failed) {
      expect(line).toMatchObject({ correlationId, userId: ann.id })
      expect(parseTraceparent(line.linkedTraceparent ?? '')?.traceId).toBe(TRACE_ID)
      expect(line).not.toHaveProperty('parentSpanId')
    }
    expect(new Set([TRACE_ID, ...failed.map(({ traceId }) => traceId)]).size).toBe(3)
    expect(new Set(failed.map(({ linkedTraceparent }) => linkedTraceparent)).size).toBe(1)
  })

  it('knows its upgrade also after a sleep, within the two kilobytes of an attachment (R41.4)', async () => {
    const { ann, room, objectName } = await makePair(api)
    const correlationId = 'upgrade-'.padEnd(128, 'y')
    const socket = await openTraced(ann, room.id, correlationId)
    await breakMessages(objectName)
    await evictDurableObject(stubOf(objectName))
    const sizes = await runInDurableObject(stubOf(objectName), (_room, state) =>
      state.getWebSockets().map((each) => JSON.stringify(each.deserializeAttachment()).length),
    )
    expect(sizes).toEqual([expect.any(Number)])
    expect(sizes[0]).toBeLessThan(1_024)
    const lines = await linesOf(logs, async (written) => {
      socket.send('message:send', { content: 'hello' }, 1)
      await untilFailed(written, room.id)
    })
    expect(failures(lines, room.id)[0]).toMatchObject({ correlationId })
  })

  it.each(['closes', 'breaks'])('that %s is still of its upgrade (R41.4)', async (how) => {
    const { ann, room, objectName } = await makePair(api)
    const socket = await openTraced(ann, room.id, 'upgrade-0003')
    const scopes: (Scope | undefined)[] = []
    const see = vi.spyOn(Watermarks.prototype, 'see').mockImplementation(() => {
      scopes.push(currentScope())
      return []
    })
    if (how === 'closes') socket.close()
    else {
      await runInDurableObject(stubOf(objectName), async (roomObject: ChatRoom, state) => {
        for (const server of state.getWebSockets()) await roomObject.webSocketError(server)
      })
    }
    await vi.waitFor(() => expect(scopes.length).toBeGreaterThan(0), { timeout: 8_000 })
    see.mockRestore()
    expect(scopes[0]).toMatchObject({ correlationId: 'upgrade-0003', userId: ann.id })
    expect(scopes[0]?.linkedTraceparent).toContain(TRACE_ID)
  })

  it('of a person’s notifications is of its upgrade too (R41.4)', async () => {
    const ann = await makePerson(api.isolate)
    const headers = { traceparent, 'x-request-id': 'upgrade-0004' }
    const bell = await openSocket(api, ann, '/v1/notifications/ws', headers)
    const kept = await runInDurableObject(env.USER_SOCKET.getByName(ann.id), (_user, state) =>
      state.getWebSockets().map((socket) => socket.deserializeAttachment()),
    )
    expect(kept).toMatchObject([{ upgrade: { correlationId: 'upgrade-0004' } }])
    expect(parseTraceparent(kept[0].upgrade.traceparent)?.traceId).toBe(TRACE_ID)
    bell.send('anything', {})
    expect((await bell.until(({ event }) => event === 'error')).data.code).toBe('NOT_FOUND')
  })

  it('leads from a frame to the alarm that it set and to the events that this makes (R41.4, R42.4, R42.6)', async () => {
    const { ann, room, objectName, outgoing } = await makeQuietPair()
    const socket = await openTraced(ann, room.id, 'upgrade-0005')
    const frames: (Scope | undefined)[] = []
    const { append } = RoomLog.prototype
    const spy = vi.spyOn(RoomLog.prototype, 'append').mockImplementation(function (this: RoomLog, drafts, refusalOf) {
      frames.push(currentScope())
      return append.call(this, drafts, refusalOf)
    })
    outgoing.isDown = true
    const lines = await linesOf(logs, async (written) => {
      socket.send('message:send', { content: 'hello' }, 1)
      await untilFailed(written, room.id)
    })
    spy.mockRestore()
    const [frame, alarm] = [frames[0], failures(lines, room.id)[0]]
    expect(alarm).toMatchObject({
      correlationId: 'upgrade-0005',
      linkedTraceparent: frame && formatTraceparent(frame.span),
    })
    expect(new Set([TRACE_ID, frame?.span.traceId, alarm?.traceId]).size).toBe(3)
    const { traceId, spanId } = alarm ?? {}
    expect(await waiting(objectName, 'room.summarised')).toMatchObject({
      correlationId: 'upgrade-0005',
      traceId,
      spanId,
    })
  })
})

describe('an alarm', () => {
  it('is a trace of its own, with the correlation id of the command that set it and linked to it (R41.4, R42.6)', async () => {
    const { ann, room, objectName, outgoing } = await makeQuietPair()
    outgoing.isDown = true
    const headers = { traceparent, 'x-request-id': 'request-0006' }
    const lines = await linesOf(logs, async (written) => {
      await api.as(ann).post(`/v1/chat/rooms/${room.id}/messages`, { content: 'hello' }, { headers })
      await untilFailed(written, room.id)
    })
    const [alarm] = failures(lines, room.id)
    expect(alarm).toMatchObject({ correlationId: 'request-0006', level: 'error' })
    expect(alarm?.traceId).not.toBe(TRACE_ID)
    expect(parseTraceparent(alarm?.linkedTraceparent ?? '')?.traceId).toBe(TRACE_ID)
    const { traceId, spanId } = alarm ?? {}
    expect(await waiting(objectName, 'room.summarised')).toMatchObject({
      correlationId: 'request-0006',
      traceId,
      spanId,
    })
  })

  it('that was set before a sleep, by whom is forgotten, has ids of its own (R41.4)', async () => {
    const { room, objectName } = await makeQuietPair()
    await runInDurableObject(stubOf(objectName), async (_room, state) => {
      state.storage.sql.exec(
        "insert into outbox values (?, 'room.summarised', 1, 'room', ?, 1, 0, 'request-0007', ?, '{}')",
        newId(),
        room.id,
        traceparent,
      )
      await state.storage.setAlarm(Date.now() + 60_000)
    })
    await evictDurableObject(stubOf(objectName))
    await giveQueues(objectName, { isDown: true })
    const lines = await linesOf(logs, () => runDurableObjectAlarm(stubOf(objectName)))
    const [alarm] = failures(lines, room.id)
    expect(alarm).toMatchObject({
      correlationId: expect.stringMatching(FRESH_ID),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(alarm).not.toHaveProperty('linkedTraceparent')
    expect(alarm?.traceId).not.toBe(TRACE_ID)
  })

  it('of a person’s object has ids of its own (R41.4)', async () => {
    const ann = await makePerson(api.isolate)
    await openSocket(api, ann, '/v1/notifications/ws')
    const user = env.USER_SOCKET.getByName(ann.id)
    await runInDurableObject(user, (_user, state) => void state.storage.sql.exec('update watches set until = 1'))
    const lines = await linesOf(logs, () => runDurableObjectAlarm(user))
    const [query] = named(lines, 'SQL Query')
    expect(query).toMatchObject({ correlationId: expect.stringMatching(FRESH_ID), traceId: expect.any(String) })
  })
})

describe('a cron', () => {
  it('runs in a scope: all of its lines have one fresh correlation id and one trace (R41.4)', async () => {
    const down = { prepare: () => {}, batch: () => {} } as unknown as D1Database
    const controller = createScheduledController({ scheduledTime: new Date(), cron: '* * * * *' })
    const run = () => worker.scheduled(controller, { ...env, DB: down }, createExecutionContext())
    const [first, second] = [await linesOf(logs, run), await linesOf(logs, run)]
    expect(named(first, 'Outbox Sweep Failed')).toHaveLength(1)
    for (const lines of [first, second]) {
      expect(new Set(lines.map(({ correlationId }) => correlationId)).size).toBe(1)
      expect(new Set(lines.map(({ traceId }) => traceId)).size).toBe(1)
      expect(lines[0]?.correlationId).toMatch(FRESH_ID)
    }
    expect(first[0]?.correlationId).not.toBe(second[0]?.correlationId)
    expect(first[0]?.traceId).not.toBe(second[0]?.traceId)
  })
})
