import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import type { Replies } from '../../src/features/chat/questions.ts'
import type { Access } from '../../src/http/access.ts'
import { contract } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { currentCall } from '../../src/platform/call.ts'
import { unwrap } from '../../src/platform/result.ts'
import { type Answer, type Caller, createApi } from '../support/api.ts'
import { makePerson, makeSession, type TestPerson } from '../support/people.ts'
import { actorOf, makePair, sending } from '../support/rooms.ts'
import { openSocket, type TestSocket } from '../support/sockets.ts'

/** Where people sign out, so that all other apps have to read what became of their sessions. */
const elsewhere = createApi()

async function signOut(person: TestPerson): Promise<void> {
  expect((await elsewhere.as(person).post('/v1/auth/logout')).status).toBe(200)
}

/** An app that remembers no session: its guards have to wait for a read. */
function as(person: { accessToken: string }): Caller {
  return createApi().as(person)
}

const codeOf = ({ status, body }: Answer) => `${status} ${body.code}`
const ENDED = '401 UNAUTHENTICATED'

async function lastSeqOf(objectName: string, member: TestPerson): Promise<number> {
  const answer = await env.CHAT_ROOM.getByName(objectName).ask(currentCall(), member.id, { kind: 'room' })
  return (unwrap(answer) as Replies['room']).lastSeq
}

/** Whether a room was made in this object. */
async function isRoom(objectName: string, member: TestPerson): Promise<boolean> {
  return (await env.CHAT_ROOM.getByName(objectName).ask(currentCall(), member.id, { kind: 'room' })).ok
}

/** The rooms' objects that were asked for meanwhile. */
async function roomsAskedBy(work: () => Promise<unknown>): Promise<string[]> {
  const getByName = vi.spyOn(env.CHAT_ROOM, 'getByName')
  try {
    await work()
    return getByName.mock.calls.map(([name]) => name)
  } finally {
    getByName.mockRestore()
  }
}

/** A socket that is closed answers nothing any more. */
async function expectOpen(socket: TestSocket): Promise<void> {
  const before = socket.lines.length
  socket.send('anything', {})
  await vi.waitFor(() => expect(socket.lines.length).toBeGreaterThan(before))
  expect(socket.closed).toBeUndefined()
}

describe('no command reaches an object for a session that has ended elsewhere', () => {
  it('a message is not written (R7.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(createApi())
    const path = `/v1/chat/rooms/${room.id}/messages`
    expect((await as(ann).post(path, { content: 'before', type: 'text' })).status).toBe(201)
    await signOut(ann)
    expect(codeOf(await as(ann).post(path, { content: 'after', type: 'text' }))).toBe(ENDED)
    expect(await lastSeqOf(objectName, bob)).toBe(1)
  })

  it('a group is not made (R7.8)', async () => {
    const { isolate } = createApi()
    const [ann, bob] = [await makePerson(isolate), await makePerson(isolate)]
    const create = () => as(ann).post('/v1/chat/rooms', { type: 'group', name: 'A group', memberIds: [bob.id] })
    const [made = ''] = await roomsAskedBy(async () => expect((await create()).status).toBe(201))
    expect(await isRoom(made, bob)).toBe(true)
    await signOut(ann)
    const asked = await roomsAskedBy(async () => expect(codeOf(await create())).toBe(ENDED))
    for (const objectName of asked) expect(await isRoom(objectName, bob)).toBe(false)
  })

  it('a private room is not made (R7.8)', async () => {
    const { isolate } = createApi()
    const [ann, bob] = [await makePerson(isolate), await makePerson(isolate)]
    await signOut(ann)
    const asked = await roomsAskedBy(async () => {
      expect(codeOf(await as(ann).post('/v1/chat/rooms/private', { userId: bob.id }))).toBe(ENDED)
    })
    const objectName = `pair:${[ann.id, bob.id].toSorted().join(':')}`
    for (const name of [objectName, ...asked]) expect(await isRoom(name, bob)).toBe(false)
    expect((await as(bob).post('/v1/chat/rooms/private', { userId: ann.id })).status).toBe(201)
    expect(await isRoom(objectName, bob)).toBe(true)
  })
})

/** Calls a route which commands objects, in an app that remembers nothing. */
function command(access: Access, run: (ctx: ServiceContext) => Promise<unknown>) {
  const api = createApi()
  const declared = { tag: 'Probe', limits: [], idempotency: 'off', cache: 'no-store', cost: COSTS_NOTHING } as const
  api.app.post('/v1/probe', contract('Probe', { ...declared, access, answers: { 200: null } }), async (c) => {
    await run(c.get('ctx'))
    return c.json({ data: 'done' })
  })
  return (person: { accessToken: string }) => api.as(person).post('/v1/probe')
}

describe('no command reaches an object for a caller', () => {
  const privileged = { permissions: ['view:logs'] } as const satisfies Access
  const world = async () => {
    const api = createApi()
    const admin = await makePerson(api.isolate, { role: 'admin' })
    return { ...(await makePair(api)), admin, api }
  }

  it('who lacks a permission: a room takes no message (R7.19)', async () => {
    const { ann, bob, admin, objectName } = await world()
    const write = () => command(privileged, (ctx) => ctx.room(objectName).act(actorOf(ann), sending('by a command')))
    expect(codeOf(await write()(ann))).toBe('403 FORBIDDEN')
    expect(await lastSeqOf(objectName, bob)).toBe(0)
    expect((await write()(admin)).status).toBe(200)
    expect(await lastSeqOf(objectName, bob)).toBe(1)
  })

  it.each<[string, Access, string]>([
    ['who lacks a permission', privileged, '403 FORBIDDEN'],
    ['whose session has ended elsewhere', 'user', ENDED],
  ])('%s: nobody’s socket closes (R7.8, R7.19)', async (_who, access, refusal) => {
    const { ann, bob, admin, api } = await world()
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    await bell.until(({ event }) => event === 'user:ready')
    if (access === 'user') await signOut(ann)
    const close = () =>
      command(access, (ctx) => ctx.userSocket(bob.id).endSessions({ sessionIds: [bob.sessionId], before: Date.now() }))
    expect(codeOf(await close()(ann))).toBe(refusal)
    await expectOpen(bell)
    expect((await close()(admin)).status).toBe(200)
    expect(await bell.untilClosed()).toMatchObject({ code: 4401 })
  })
})

it('a session that lives still commands when another of the same person has ended (R7.8)', async () => {
  const api = createApi()
  const { ann, bob, objectName } = await makePair(api)
  const phone = await makeSession(api.isolate, ann.id)
  await signOut(ann)
  const write = command('user', (ctx) => ctx.room(objectName).act(actorOf(ann), sending('from the phone')))
  expect((await write(phone)).status).toBe(200)
  expect(await lastSeqOf(objectName, bob)).toBe(1)
})
