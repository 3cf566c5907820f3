import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room, RoomPresence, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import type { TestPerson } from '../people.ts'
import type { Lots } from '../random.ts'
import { demandEqual, type Ledger } from './ledger.ts'
import type { Said } from './oracle.ts'
import { RoomReader } from './reader.ts'
import { readWatermarks } from './room-log.ts'
import { messagesOf, toView, unreadAfter } from './views.ts'
import type { ChatWorld, Device } from './world.ts'

const PLACES = 2

/** What must be so once everything has come to rest, whatever has happened. @throws Error that says what is not */
export async function demandAllIsWell(world: ChatWorld, ledger: Ledger, lots: Lots): Promise<void> {
  const members = world.people.filter(({ id }) => ledger.state.roles.has(id))
  const sessionOf = (person: TestPerson) => world.devicesOf(person.id)[0]?.session ?? person
  await world.settleSockets()
  await world.bringToRest()
  await ledger.follow()
  await demandNoGap(world, ledger)
  await demandReading(world, ledger)
  await Promise.all(world.people.map((person) => demandList(world, ledger, person, sessionOf(person))))
  await Promise.all(members.map((person) => ledger.demandUnread(sessionOf(person))))
  const [first] = members
  if (first) {
    await demandPins(world, ledger, sessionOf(first))
    await demandRoles(world, ledger, sessionOf(first))
    await demandHistory(world, ledger, sessionOf(lots.pick(members)))
    const { lastSeq } = ledger.oracle
    const places = [...Array.from({ length: PLACES }, () => lots.between(0, lastSeq)), lastSeq + 5]
    await Promise.all(
      places
        .map((since) => ({ since, person: lots.pick(members) }))
        .map(({ since, person }) => demandReplay(world, ledger, sessionOf(person), since)),
    )
  }
  if (first) await demandPresence(world, sessionOf(first))
  const offline = world.devices.filter((one) => !one.socket && ledger.isMember(one))
  await Promise.all(offline.map((device) => ledger.connect(device)))
  await ledger.follow()
  demandSilence(world)
}

/** Messages and changes together have every seq once, each as it was done. */
async function demandNoGap(world: ChatWorld, { oracle }: Ledger): Promise<void> {
  const seqs = (await world.log()).map(({ seq }) => seq)
  const expected = Array.from({ length: oracle.lastSeq }, (_, i) => i + 1)
  demandEqual(seqs, expected, 'The seqs of the log')
}

async function demandReading(world: ChatWorld, ledger: Ledger): Promise<void> {
  const watermarks = await readWatermarks(world.stub)
  demandEqual([...watermarks.keys()].toSorted(), [...ledger.state.roles.keys()].toSorted(), 'Who is a member')
  for (const [userId, seq] of watermarks) {
    const isOnline = world.devicesOf(userId).some(({ socket }) => socket)
    const { low, high } = ledger.boundsOf(userId)
    const [from, to] = isOnline ? [ledger.oracle.lastSeq, ledger.oracle.lastSeq] : [low, high]
    if (seq < from || seq > to) throw new Error(`${userId} has read to ${seq}, and it must be ${from} to ${to}`)
  }
}

/** The list of rooms, which D1 has, says the same as the room. */
async function demandList(
  world: ChatWorld,
  ledger: Ledger,
  { id, username }: TestPerson,
  session: TestPerson,
): Promise<void> {
  const state = ledger.state
  const { body } = await world.as(session).get<Room[]>('/v1/chat/rooms')
  const listed = body.data.map(({ lastSeq, lastMessage, unreadCount, mentionCount, memberCount }) => ({
    ...{ lastSeq, unreadCount, mentionCount, memberCount },
    lastMessage: lastMessage && [lastMessage.id, lastMessage.seq, lastMessage.content, lastMessage.senderId],
  }))
  const newest = state.said.findLast(({ isDeleted }) => !isDeleted)
  const { unread, mentions } = unreadAfter(state, id, (await readWatermarks(world.stub)).get(id) ?? 0)
  const expected = {
    lastSeq: ledger.oracle.lastSeq,
    unreadCount: unread,
    mentionCount: mentions,
    memberCount: state.roles.size,
    lastMessage: newest ? [newest.id, newest.seq, newest.content, newest.authorId] : null,
  }
  demandEqual(listed, state.roles.has(id) ? [expected] : [], `The list of ${username}`)
}

async function demandRoles(world: ChatWorld, ledger: Ledger, session: TestPerson): Promise<void> {
  const { state } = ledger
  const itself = await world.as(session).get<RoomWithMembers>(`/v1/chat/rooms/${world.room.id}`)
  const roles = itself.body.data.members.map((member) => `${member.id} ${member.role}`).toSorted()
  demandEqual(roles, [...state.roles].map(([userId, role]) => `${userId} ${role}`).toSorted(), 'The roles of members')
}

/** After the grace those are here who have a socket, and nobody else. */
async function demandPresence(world: ChatWorld, session: TestPerson): Promise<void> {
  // Whoever looks makes the room notice who was lost with an object that died.
  await readPresence(world, session)
  await world.bringToRest()
  const userIds = await readPresence(world, session)
  const online = new Set(world.devices.filter(({ socket }) => socket).map(({ person }) => person.id))
  demandEqual(userIds, [...online].toSorted(), 'Who is here')
}

async function readPresence(world: ChatWorld, session: TestPerson): Promise<RoomPresence['userIds']> {
  const { body } = await world.as(session).get<RoomPresence>(`/v1/chat/rooms/${world.room.id}/presence`)
  return body.data.userIds
}

async function demandPins(world: ChatWorld, ledger: Ledger, session: TestPerson): Promise<void> {
  const { body } = await world.as(session).get<Message[]>(`/v1/chat/rooms/${world.room.id}/pins`)
  const pinned = ledger.state.said.filter((one) => one.pinnedSeq !== null && !one.isDeleted)
  const pinnedAt = ({ pinnedSeq }: Said) => pinnedSeq ?? 0
  const expected = pinned.toSorted((a, b) => pinnedAt(b) - pinnedAt(a)).map(({ id }) => id)
  const found = body.data.map(({ id }) => id)
  demandEqual(found, expected, 'What is pinned')
}

/** Who comes back with `since` is sent exactly the rest, which makes of what they knew what there is. */
async function demandReplay(world: ChatWorld, ledger: Ledger, session: TestPerson, since: number): Promise<void> {
  const person = world.people.find(({ id }) => id === session.id) ?? session
  const { oracle } = ledger
  const reader = new RoomReader(person.id, () => world.history(session))
  reader.know(messagesOf(oracle.at(since), person.id), since)
  const device: Device = { person, session, reader, socket: undefined, unanswered: new Map() }
  ledger.boundsOf(person.id).high = oracle.lastSeq
  await world.connect(device)
  const replayed = device.socket?.lines.flatMap(({ seq }) => seq ?? []) ?? []
  demandEqual(replayed, since > oracle.lastSeq ? [] : oracle.foldedAfter(since), `What came after ${since}`)
  ledger.demandView(person, reader.messages().map(toView), ledger.state)
  if (reader.faults.length > 0) throw new Error(`After ${since}: ${reader.faults.join('; ')}`)
  world.hangUp(device)
}

async function demandHistory(world: ChatWorld, ledger: Ledger, session: TestPerson): Promise<void> {
  const messages = await world.history(session)
  ledger.demandView(session, messages.map(toView), ledger.state)
  for (const [place, { replyTo }] of messages.entries()) {
    const parent = messages.findIndex(({ id }) => id === replyTo?.id)
    if (parent >= place) throw new Error('An answer stands before what it answers')
  }
}

/** Who was put out or has signed out is told nothing of what came then, however late. */
function demandSilence(world: ChatWorld): void {
  for (const { device, socket, mayTellUpTo } of world.opened) {
    const last = Math.max(0, ...socket.lines.map(({ seq }) => seq ?? 0))
    if (last > mayTellUpTo) {
      throw new Error(`${device.person.username} was told of ${last}, and had no right to it after ${mayTellUpTo}`)
    }
  }
}
