import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ApiError, Client, RoomEvent, UserEvent } from '../../src/client/index.ts'
import { type ClientWorld, type Ears, listen, openClientWorld } from '../support/node/client-world.ts'

let world: ClientWorld
let ann: Client
/** Over the wire. */
let bob: Client

beforeAll(async () => {
  world = await openClientWorld()
  ann = await world.enter('ann')
  bob = await world.enter('bob', world.wired)
})
afterAll(() => world?.close())
afterEach(() => {
  world.wire.mend()
  vi.restoreAllMocks()
})

const idOf = (client: Client) => client.user?.id ?? ''
const isReady = ({ event }: RoomEvent) => event === 'room:ready'
const newTexts = ({ events }: Ears<RoomEvent>) =>
  events.flatMap((event) => (event.event === 'message:new' ? [event.data.content] : []))
const says = (content: string) => (event: RoomEvent | UserEvent) =>
  event.event === 'message:new' && event.data.content === content
const refused = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => expect.unreachable('it was not refused'),
    (error) => error,
  )

/** A group of the two, with both connected to it. */
async function meet(name: string) {
  const room = await ann.rooms.create({ name, memberIds: [idOf(bob)] })
  const [hers, his] = [listen<RoomEvent>(), listen<RoomEvent>()]
  const states: string[] = []
  const annRoom = ann.openRoom(room.id, { since: 0, onEvent: hers.onEvent })
  const bobRoom = bob.openRoom(room.id, {
    since: 0,
    onEvent: his.onEvent,
    onState: (state, reason) => states.push(reason ? `${state}: ${reason}` : state),
  })
  await Promise.all([hers.heard(isReady), his.heard(isReady)])
  return { room, annRoom, bobRoom, hers, his, states }
}

describe('a room’s connection that dies', () => {
  it('in the middle of ten sends: each arrives once, in order, for both, and the state is the true one', async () => {
    const { room, annRoom, bobRoom, hers, his, states } = await meet('Ten')
    const texts = Array.from({ length: 10 }, (_, i) => `message ${i + 1}`)
    // The server has the first five, and its word of that is lost; the others are written while nothing gets through.
    world.wire.loseNextAnswer()
    const early = texts.slice(0, 5).map((text) => bobRoom.send(text))
    await hers.heard(says('message 5'))
    world.wire.cut()
    const late = texts.slice(5).map((text) => bobRoom.send(text))
    await vi.waitFor(() => expect(states.at(-1)).toBe('reconnecting'))
    world.wire.mend()
    const sent = await Promise.all([...early, ...late])
    await annRoom.send('the last one')
    await Promise.all([hers, his].map((ears) => ears.heard(says('the last one'))))
    expect(sent.map(({ content }) => content)).toEqual(texts)
    for (const ears of [hers, his]) {
      expect(newTexts(ears)).toEqual([...texts, 'the last one'])
      const seqs = ears.events.flatMap((event) => ('seq' in event ? [event.seq] : []))
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    }
    expect((await ann.messages.list(room.id)).items.map(({ content }) => content)).toEqual(newTexts(his))
    expect(states).toEqual(['open', 'reconnecting', 'open'])
    bobRoom.close()
    expect(states.at(-1)).toBe('closed: asked')
  })

  it('is told what has become of messages that it knew: changed, reacted to or gone, once each', async () => {
    const { room, annRoom, his, bobRoom } = await meet('Folded')
    const [kept, gone] = [await annRoom.send('first words'), await annRoom.send('to be deleted')]
    await his.heard(says('to be deleted'))
    world.wire.cut()
    await annRoom.command('message:edit', { messageId: kept.id, content: 'second words' })
    await annRoom.command('reaction:add', { messageId: kept.id, emoji: '👍' })
    await annRoom.command('message:delete', { messageId: gone.id })
    const added = await annRoom.send('came and changed')
    await ann.messages.edit(room.id, added.id, 'came, and was changed')
    const before = his.events.length
    world.wire.mend()
    await his.heard((event) => event.event === 'room:ready' && his.events.length > before)
    await vi.waitFor(() => expect(his.events.slice(before).some(isReady)).toBe(true))
    const told = his.events.slice(before).filter((event) => 'seq' in event)
    expect(told.map(({ event }) => event)).toEqual(['message:edited', 'message:deleted', 'message:new'])
    expect(told[0]?.data).toMatchObject({
      id: kept.id,
      content: 'second words',
      reactions: [{ emoji: '👍', count: 1 }],
    })
    expect(told[2]?.data).toMatchObject({ content: 'came, and was changed', isEdited: true })
    bobRoom.close()
  })

  it('begins anew from the newest page where too much was missed, and tells on from there', async () => {
    const { annRoom, his, bobRoom } = await meet('Much')
    await annRoom.send('known')
    await his.heard(says('known'))
    world.wire.cut()
    await Promise.all(Array.from({ length: 505 }, (_, i) => annRoom.send(`missed ${i}`)))
    world.wire.mend()
    const reset = await his.heard(({ event }) => event === 'history:reset')
    await annRoom.send('after all that')
    await his.heard(says('after all that'))
    if (reset.event !== 'history:reset') throw new Error('It was heard')
    const { messages, since, nextCursor } = reset.data
    expect([messages.length, messages.at(-1)?.content, nextCursor !== null]).toEqual([50, 'missed 504', true])
    // Who wants each of them reads on from the last that was told.
    const rest = await bob.messages.list(messages[0]?.roomId ?? '', { after: since ?? 0, limit: 1 })
    expect(rest.items[0]?.content).toBe('missed 0')
    expect(newTexts(his)).toEqual(['known', 'after all that'])
    bobRoom.close()
  })
})

describe('a command', () => {
  it('is refused as its route refuses it, and the connection lives on', async () => {
    const { bobRoom, room } = await meet('Refused')
    const unknown = { userId: '01890000-0000-4000-8000-000000000000' }
    const error = await refused(bobRoom.command('member:mute', { ...unknown, minutes: 5 }))
    const overHttp = await refused(bob.rooms.mute(room.id, unknown.userId, 5))
    expect([error.code, error.status, error.message]).toEqual([overHttp.code, overHttp.status, overHttp.message])
    expect(await refused(bobRoom.send('x'.repeat(70_000)))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(await bobRoom.command('message:read', {})).toMatchObject({ position: { unreadCount: 0 } })
    bobRoom.close()
    expect(await refused(bobRoom.send('too late'))).toMatchObject({ code: 'CONNECTION_CLOSED', isUnanswered: true })
  })

  it('is said again where its answer was lost, unless it cannot be said twice: then that is told', async () => {
    const { annRoom, bobRoom, room } = await meet('Twice')
    const message = await annRoom.send('pin me')
    await ann.rooms.setRole(room.id, idOf(bob), 'moderator')
    world.wire.loseNextAnswer()
    expect((await bobRoom.command('message:pin', { messageId: message.id })).message.isPinned).toBe(true)
    world.wire.loseNextAnswer()
    expect(await refused(bobRoom.command('room:leave', {}))).toMatchObject({ code: 'CONNECTION_LOST' })
    expect((await ann.rooms.get(room.id)).members.map(({ username }) => username)).toEqual(['ann'])
  })
})

describe('a listener', () => {
  it('that fails breaks nothing: it is told the next event, and the failure is reported', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { room, annRoom } = await meet('Failing')
    const told: string[] = []
    const dave = await world.enter('dave')
    await ann.rooms.addMembers(room.id, [idOf(dave)])
    const connection = dave.openRoom(room.id, {
      onEvent: (event) => {
        if (event.event !== 'message:new') return
        told.push(event.data.content)
        throw new Error('The listener of this test fails')
      },
    })
    await connection.send('one')
    await annRoom.send('two')
    await vi.waitFor(() => expect(told).toEqual(['one', 'two']))
    expect(reported).toHaveBeenCalledTimes(2)
  })

  it('of the own socket hears each event of all rooms once, with its room, and what is its own', async () => {
    const ears = listen<UserEvent>()
    const states: string[] = []
    ann.openUserSocket({ onEvent: ears.onEvent, onState: (state) => states.push(state) })
    await vi.waitFor(() => expect(states).toEqual(['open']))
    const [one, two] = await Promise.all(
      ['One', 'Two'].map((name) => bob.rooms.create({ name, memberIds: [idOf(ann)] })),
    )
    for (const room of [one, two]) {
      await ears.heard((event) => event.event === 'room:joined' && event.data.roomId === room?.id)
      await ears.heard((event) => event.event === 'room:activity' && event.data.roomId === room?.id)
    }
    for (const room of [one, two, one]) await bob.messages.post(room?.id ?? '', { content: `@ann in ${room?.name}` })
    await vi.waitFor(() => expect(ears.events.filter(({ event }) => event === 'message:new')).toHaveLength(3))
    const told = ears.events.flatMap((event) => (event.event === 'message:new' ? [[event.roomId, event.seq]] : []))
    expect(new Set(told.map(String)).size).toBe(3)
    expect(told.map(([roomId]) => roomId)).toEqual([one?.id, two?.id, one?.id])
    const note = await ears.heard(({ event }) => event === 'notification:new')
    expect(note.event === 'notification:new' && note.data.category).toBe('new_message')
  })
})
