import { MOST_LIVE_SESSIONS } from '../../src/features/identity/domain/session-policy.ts'
import { FIGURES_SHARDS, SOCKET_SHARDS } from '../../src/platform/observability/figure-counter.ts'
import { ACCESS_TOKEN_SECONDS } from '../../src/platform/security/access-token.ts'
import { aDayOf, dailyOf, messagesADay, socketCallsOf, socketChangesADay, summariesAMessage } from './day.ts'
import { type Inputs, LIMITS, type RoomClass } from './inputs.ts'
import { headShare } from './zipf.ts'

const HOUR_SECONDS = 3_600
const DAYS_A_YEAR = 365
/** What a summary writes in its room beside the row of the alarm: itself, and its event, which is taken away again. */
export const WRITES_A_SUMMARY = 2
/** Above so many leased people the room tells each of them once a second at most. */
const RELAYED_EACH_TICK = 200
const MOST_LEASES = 200
const NOTE_RENEWAL_SECONDS = 1_800

/** The busiest key of a class of objects, in the busiest hour. */
export interface HotKey {
  key: string
  /** Transactions that write, and calls, messages and alarms that come in, a second. */
  writes: number
  requests: number
  framesOut: number
  sockets: number
  bytesAYear: number
}

/** What happens so often a day happens so often a second in the busiest hour. */
export function peakOf({ behaviour }: Inputs, users: number, aDay: number): number {
  return (users * aDay * behaviour.day.busiestHourShare) / HOUR_SECONDS
}

export function roomsOf(room: RoomClass, users: number): number {
  return Math.max(1, (users * room.roomsAUser) / room.members)
}

/** What comes within one tick is one transaction: a tick begins with what comes first. */
export function ticksASecond(eventsASecond: number, tickMs: number): number {
  return eventsASecond / (1 + (eventsASecond * tickMs) / 1_000)
}

/** Messages a second in the most popular room of a class. */
export function hotMessages(inputs: Inputs, room: RoomClass, users: number): number {
  return peakOf(inputs, users, messagesADay(inputs, room)) * headShare(roomsOf(room, users), room.zipf)
}

export function hotRoom(inputs: Inputs, room: RoomClass, users: number): HotKey {
  const { chat, machine, day } = inputs.behaviour
  const messages = hotMessages(inputs, room, users)
  const ticks = ticksASecond(messages, machine.tickMs)
  const summaries = messages * summariesAMessage(inputs, messages)
  // Who is popular has more members, up to what a room takes.
  const memberships = users * room.roomsAUser * headShare(roomsOf(room, users), room.zipf)
  const isCrowd = room.members > 100
  const members = isCrowd ? Math.max(room.members, Math.min(LIMITS.ours.roomMembers.most, memberships)) : room.members
  const online = members * room.onlineShare
  const leases = online / machine.renewEverySeconds
  return {
    key: `CHAT_ROOM of a ${room.class}`,
    writes: ticks + WRITES_A_SUMMARY * summaries + leases,
    requests: messages * (1 + chat.otherFramesAMessage) + summaries + leases,
    framesOut: online * ticks,
    sockets: online,
    bytesAYear: ((messages * HOUR_SECONDS) / day.busiestHourShare) * chat.bytesAMessage * DAYS_A_YEAR,
  }
}

/** Of the best and busiest connected person: in the most popular room of each class, with as many leases as there may be. */
function hotUser(inputs: Inputs, users: number): HotKey {
  const { chat, machine } = inputs.behaviour
  const relays = chat.rooms.map((room) => {
    const { sockets } = hotRoom(inputs, room, users)
    const ticks = ticksASecond(hotMessages(inputs, room, users), machine.tickMs)
    return sockets > RELAYED_EACH_TICK ? Math.min(1, ticks) : ticks
  })
  const requests = relays.reduce((sum, each) => sum + each, 0)
  const notes = Math.min(requests, MOST_LEASES / NOTE_RENEWAL_SECONDS)
  return {
    ...{ key: 'USER_SOCKET of the busiest person', framesOut: requests, sockets: 2, bytesAYear: 0 },
    writes: notes + MOST_LEASES / machine.renewEverySeconds,
    requests: requests + 1 / machine.lookEverySeconds,
  }
}

/** Of somebody with as many sessions as there may be, each renewed as soon as its access token has run out. */
function hotSessions(): HotKey {
  const renewals = MOST_LIVE_SESSIONS / ACCESS_TOKEN_SECONDS
  return {
    ...{ key: 'USER_SESSIONS of the busiest person', framesOut: 0, sockets: 0, bytesAYear: 0 },
    writes: renewals,
    requests: renewals,
  }
}

/** Of the address that most people share. What is refused is not written. */
export function hotAddress(inputs: Inputs, users: number): HotKey {
  const requests = addressAsks(inputs, users) * addressShare(inputs, users)
  const most = LIMITS.ours.refreshesAMinute.most / 60
  return {
    ...{ key: 'RATE_LIMITER of the most shared address', framesOut: 0, sockets: 0, bytesAYear: 0 },
    writes: Math.min(requests, 2 * most),
    requests,
  }
}

/** Refreshes a minute from that address, which has a limit of its own. */
export function addressRefreshes(inputs: Inputs, users: number): number {
  const refreshes = peakOf(inputs, users, aDayOf(inputs.behaviour.acts, 'POST /v1/auth/refresh'))
  return 60 * refreshes * addressShare(inputs, users)
}

/** What is counted by address before it is done, a second, of all of them. */
export function addressAsks(inputs: Inputs, users: number): number {
  const asks = inputs.behaviour.acts.filter(({ isAnonymous }) => isAnonymous)
  return peakOf(
    inputs,
    users,
    asks.reduce((sum, { aDay }) => sum + aDay, 0),
  )
}

function addressShare({ behaviour: { machine } }: Inputs, users: number): number {
  return headShare(users * machine.addressesAUser, machine.addressZipf)
}

export function figureKeys(inputs: Inputs, users: number): HotKey[] {
  const { acts, machine } = inputs.behaviour
  const { amounts } = dailyOf(inputs)
  const isolates = peakOf(inputs, users, amounts.worker ?? 0) / machine.requestsASecondAnIsolate
  const changes = peakOf(inputs, users, socketChangesADay(acts))
  const counts = (isolates / machine.figuresEverySeconds + changes / machine.socketChangesACall) / FIGURES_SHARDS
  const sockets = socketCallsOf(machine, changes) / SOCKET_SHARDS
  const still = { framesOut: 0, sockets: 0, bytesAYear: 0 }
  return [
    { key: 'FIGURES counts, each of four', writes: counts, requests: counts, ...still },
    { key: 'FIGURES sockets, each of eight', writes: sockets, requests: sockets, ...still },
  ]
}

export function hotKeys(inputs: Inputs, users: number): HotKey[] {
  return [
    ...inputs.behaviour.chat.rooms.map((room) => hotRoom(inputs, room, users)),
    hotUser(inputs, users),
    hotSessions(),
    hotAddress(inputs, users),
    ...figureKeys(inputs, users),
  ]
}
