import { SOCKET_SHARDS } from '../../src/platform/observability/figure-counter.ts'
import type { Together } from './batches.ts'
import type { Act, Inputs, RoomClass } from './inputs.ts'
import { type Amounts, addTo, amountsOf, DATABASE_KEYS, type DatabaseKey, opsOf } from './ledger.ts'

const HOUR_SECONDS = 3_600
const DAY_SECONDS = 24 * HOUR_SECONDS
const DAYS_A_YEAR = 365
/** In larger rooms nobody is told who is there. */
const MOST_NAMED = 100
/** What of a message depends on where people are. */
const TOLD = /^(d1\.activity|objects\.USER_SOCKET|queue)\./

interface Spent {
  amounts: Amounts
  cpuMs: number
}

/** What writes to a database: each time is a transaction, or a share of one with what is handled together. */
export interface Writes {
  what: string
  database: DatabaseKey
  aDay: number
  together?: Together
}

/** What one daily user causes a day. */
export interface Daily extends Spent {
  groups: Record<string, Spent>
  writes: Writes[]
  stored: { database: string; table: string; bytesAUser: number; rowsADay: number; keepDays: number | undefined }[]
}

/**
 * Of the messages that a room gets a second, how many are told by a summary of their own: all that come before the next
 * one share it. In a talk one message follows the other sooner than the day's mean says.
 */
export function summariesAMessage({ behaviour }: Inputs, messagesASecond: number): number {
  const within = Math.max(messagesASecond, 1 / behaviour.chat.gapSeconds)
  return 1 / (1 + behaviour.machine.summaryEverySeconds * within)
}

/** Messages of one person in rooms of a class, a day. What else moves a room's log counts as a message. */
export function messagesADay({ behaviour: { chat } }: Inputs, room: RoomClass): number {
  return chat.messagesADay * (1 + chat.reactionsEditsAndDeletionsAMessage) * room.messageShare
}

/** People of a room who are told of a message by a notification. */
function toldPeople({ absentShare, members }: RoomClass): number {
  return (members - 1) * absentShare
}

/** How likely somebody of a room is told of a message by a notification. */
function toldShare({ absentShare, members }: RoomClass): number {
  return 1 - (1 - absentShare) ** (members - 1)
}

export function dailyOf(inputs: Inputs): Daily {
  const daily: Daily = {
    ...{ amounts: {}, cpuMs: 0, groups: {}, writes: [], stored: [] },
  }
  for (const act of inputs.behaviour.acts) addAct(daily, inputs, act)
  addSessions(daily, inputs)
  addTalk(daily, inputs)
  addLeases(daily, inputs)
  addFigures(daily, inputs)
  for (const { amounts, cpuMs } of Object.values(daily.groups)) {
    addTo(daily.amounts, amounts)
    daily.cpuMs += cpuMs
  }
  daily.stored = storedOf(inputs)
  return daily
}

function spend(daily: Daily, group: string, amounts: Amounts, times: number, cpuMs = 0): void {
  daily.groups[group] ??= { amounts: {}, cpuMs: 0 }
  const spent = daily.groups[group]
  addTo(spent.amounts, amounts, times)
  spent.cpuMs += cpuMs * times
}

function addAct(daily: Daily, inputs: Inputs, act: Act): void {
  const { behaviour } = inputs
  const { ops } = opsOf(inputs, act)
  const amounts = amountsOf(ops)
  for (const name of Object.keys(amounts)) {
    if (name.startsWith('d1.') && act.cached) amounts[name] = (amounts[name] ?? 0) * (1 - act.cached)
  }
  // The ledger is measured in cold isolates, which read the session; another one remembers it for seconds.
  if (!act.isAnonymous) addTo(amounts, { 'd1.core.queries': -behaviour.machine.rememberedSessionShare })
  const { cpuMs } = behaviour.machine
  const worker = amounts.worker ?? 1
  spend(daily, act.group, amounts, act.aDay, (act.cpuMs ?? cpuMs) + cpuMs * Math.max(0, worker - 1))
  for (const database of DATABASE_KEYS) {
    const commits = act.commits?.[database] ?? 0
    if (commits > 0) daily.writes.push({ what: act.what, database, aDay: commits * act.aDay })
  }
}

/** A session rotates in its person's object; the first renewal of a day is noted in the database. */
function addSessions(daily: Daily, inputs: Inputs): void {
  const { acts, machine } = inputs.behaviour
  const aDay = Math.min(aDayOf(acts, 'POST /v1/auth/refresh'), DAY_SECONDS / machine.noteSessionEverySeconds)
  spend(daily, 'accounts', estimated(inputs, '(a session is noted)'), aDay)
  daily.writes.push({ what: 'has the session noted: with the first renewal of a day', database: 'core', aDay })
}

/** Messages, and rooms that are read. What a summary costs comes as often as there are summaries. */
function addTalk(daily: Daily, inputs: Inputs): void {
  const { behaviour } = inputs
  const { chat, machine } = behaviour
  const group = 'talk'
  for (const room of chat.rooms) {
    const messages = messagesADay(inputs, room)
    const share = summariesAMessage(inputs, 0)
    const amounts = amountsOf(opsOf(inputs, room).ops)
    for (const name of Object.keys(amounts)) {
      if (!name.startsWith('objects.') || name.endsWith('.alarms')) amounts[name] = (amounts[name] ?? 0) * share
    }
    // Whom the ledger's own room tells is one of many cases: here it is who is elsewhere, and who is online.
    for (const name of Object.keys(amounts)) if (TOLD.test(name)) delete amounts[name]
    addTo(amounts, estimated(inputs, '(a person is told of a message)'), share * toldPeople(room))
    addTo(amounts, estimated(inputs, '(a line is brought to a person)'), (room.members - 1) * room.onlineShare)
    const told = toldShare(room)
    addTo(amounts, estimated(inputs, '(a room tells of itself)'), share)
    addTo(amounts, estimated(inputs, '(people are told of a message)'), share * told)
    const worker = amounts.worker ?? 0
    spend(daily, group, amounts, messages, machine.cpuMs * worker)
    spend(daily, group, { 'objects.CHAT_ROOM.frames': chat.otherFramesAMessage }, messages)
    const look = estimated(inputs, '(an object looks at a session)')
    spend(daily, group, look, messages * chat.sessionLooksAMessage)
    daily.writes.push(summaries(`messages: summaries, ${room.class}`, messages * share))
    const what = `messages: notifications, ${room.class}`
    if (told > 0) daily.writes.push({ what, database: 'activity', aDay: messages * share * told, together: 'unseen' })
  }
  const read = estimated(inputs, '(a room is read)')
  spend(daily, group, read, chat.roomsReadADay, machine.cpuMs * (read.worker ?? 0))
  daily.writes.push(summaries('rooms that are read: summaries', chat.roomsReadADay), {
    ...{ what: 'rooms that are read: notifications', database: 'activity', together: 'seen' },
    aDay: chat.roomsReadADay,
  })
}

function summaries(what: string, aDay: number): Writes {
  return { what, database: 'core', aDay, together: 'summary' }
}

/** Whoever is there has a lease in each of their rooms, which they renew, and give up when they go. */
function addLeases(daily: Daily, inputs: Inputs): void {
  const { chat, day, machine, acts } = inputs.behaviour
  const rooms = chat.rooms.reduce((sum, { roomsAUser }) => sum + roomsAUser, 0)
  const visits = aDayOf(acts, 'GET /v1/notifications/ws')
  const onlineSeconds = day.hoursOnline * HOUR_SECONDS
  const add = (name: string, times: number) => spend(daily, 'leases', estimated(inputs, name), times)
  add('(a lease of a room is asked for)', visits * Math.max(0, rooms - measuredLeases(inputs)))
  add('(a lease of a room is renewed)', rooms * (onlineSeconds / machine.renewEverySeconds))
  add('(a lease of a room is given up)', rooms * visits)
  add('(a round of leases)', 2 * visits + onlineSeconds / machine.lookEverySeconds)
  add("(a person's object lists rooms)", visits)
  // Who comes and goes is told by name to all who are online.
  const told = chat.rooms
    .filter(({ members }) => members <= MOST_NAMED)
    .reduce((sum, { roomsAUser, members, onlineShare }) => sum + roomsAUser * (members - 1) * onlineShare, 0)
  spend(daily, 'presence', estimated(inputs, '(a line is brought to a person)'), 2 * visits * told)
}

/** The ledger's own person has rooms too: what it counts of them is not counted twice. */
function measuredLeases(inputs: Inputs): number {
  const opens = inputs.behaviour.acts.find(({ entry }) => entry === 'GET /v1/notifications/ws')
  return opens === undefined ? 0 : (opsOf(inputs, opens).ops.objects?.CHAT_ROOM?.requests ?? 0)
}

/** What isolates count, and how many sockets are open. */
function addFigures(daily: Daily, inputs: Inputs): void {
  const { machine, acts } = inputs.behaviour
  const add = (name: string, times: number) => spend(daily, 'figures', estimated(inputs, name), times)
  const invocations = Object.values(daily.groups).reduce((sum, { amounts }) => sum + (amounts.worker ?? 0), 0)
  add(
    '(a flush of figures to an object that is there)',
    invocations / (machine.requestsASecondAnIsolate * machine.figuresEverySeconds),
  )
  const changes = socketChangesADay(acts)
  const calls = socketCallsOf(machine, changes)
  add('(a word of sockets to an object that is there)', calls)
  // One is among what a call costs.
  add('(sockets of one object have changed)', changes - calls)
}

function estimated(inputs: Inputs, entry: string): Amounts {
  return amountsOf(opsOf(inputs, { entry }).ops)
}

/** Calls that tell of so many changes: an isolate gathers them, and they fall to objects by a hash. */
export function socketCallsOf(machine: Inputs['behaviour']['machine'], changes: number): number {
  const gathered = (machine.socketChangesACall * machine.socketsEverySeconds) / machine.figuresEverySeconds
  const objects = SOCKET_SHARDS * (1 - (1 - 1 / SOCKET_SHARDS) ** gathered)
  return (changes / gathered) * objects
}

/** Each socket opens and ends. */
export function socketChangesADay(acts: readonly Act[]): number {
  return 2 * (aDayOf(acts, 'GET /v1/notifications/ws') + aDayOf(acts, 'GET /v1/chat/rooms/:id/ws'))
}

export function aDayOf(acts: readonly Act[], entry: string): number {
  return acts.filter((act) => act.entry === entry).reduce((sum, { aDay }) => sum + aDay, 0)
}

/** The rows that a year leaves behind. */
function storedOf({ behaviour: { acts, storage } }: Inputs): Daily['stored'] {
  return storage.map(({ database, table, per, bytes, keepDays }) => {
    const rowsADay = acts.find(({ what }) => what === per)?.aDay
    if (rowsADay === undefined) throw new Error(`Nobody does what stores ${table}: ${per}`)
    return {
      database,
      table,
      rowsADay,
      keepDays,
      bytesAUser: rowsADay * bytes * Math.min(keepDays ?? DAYS_A_YEAR, DAYS_A_YEAR),
    }
  })
}
