import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import { SECOND_MS } from '../../../src/platform/clock.ts'
import type { Api } from '../api.ts'
import type { HeldQueues } from '../held-queues.ts'
import { makePerson, makeSession, type TestPerson } from '../people.ts'
import { LONGER_THAN_BETWEEN_SUMMARIES_MS, type ShiftedTime } from '../shifted-time.ts'
import { openRoom, type TestSocket } from '../sockets.ts'
import type { Act } from './acts.ts'
import { RoomReader } from './reader.ts'
import { type LogRow, readLog } from './room-log.ts'

/** Somebody's phone or laptop: a session, what it shows of the room, and its socket while it is online. */
export interface Device {
  person: TestPerson
  session: TestPerson
  reader: RoomReader
  socket: TestSocket | undefined
  /** Sends that nobody has answered: they go out again with the next connection. */
  unanswered: Map<string, Act>
}

/** A socket that is or was open, and the last seq of which it may tell. */
export interface OpenedSocket {
  device: Device
  socket: TestSocket
  mayTellUpTo: number
}

const LONGER_THAN_GRACE_MS = 16 * SECOND_MS
/** The clock is ahead by this much when a run begins, so that no alarm rings by itself during it. */
const AHEAD_MS = 10 * SECOND_MS
const PATIENCE_MS = 10 * SECOND_MS

export interface Stage {
  api: Api
  queues: HeldQueues
  time: ShiftedTime
}

/** A group in which anybody may join, its people, and those who could come. */
export class ChatWorld {
  readonly people: TestPerson[]
  readonly devices: Device[]
  readonly opened: OpenedSocket[] = []
  readonly room: Room
  readonly #stage: Stage

  private constructor(stage: Stage, people: TestPerson[], room: Room) {
    this.#stage = stage
    this.people = people
    this.room = room
    this.devices = people.map((person) => this.#makeDevice(person, person))
  }

  /** The first person owns the room, the first `memberCount` belong to it. */
  static async make(stage: Stage, peopleCount: number, memberCount: number, seed: number): Promise<ChatWorld> {
    stage.time.set(AHEAD_MS)
    stage.queues.clear(seed)
    const { api } = stage
    const people = await Promise.all(Array.from({ length: peopleCount }, () => makePerson(api.isolate)))
    const [owner, ...others] = people
    if (!owner) throw new Error('A room has an owner')
    const memberIds = others.slice(0, memberCount - 1).map(({ id }) => id)
    const made = await api
      .as(owner)
      .post<Room>('/v1/chat/rooms', { name: 'Histories', type: 'group', memberIds, joinPolicy: 'open' })
    return new ChatWorld(stage, people, made.body.data)
  }

  get stub() {
    // Without an Idempotency-Key a group's object is named by its id.
    return env.CHAT_ROOM.getByName(this.room.id)
  }

  as(session: { accessToken: string }) {
    return this.#stage.api.as(session)
  }

  devicesOf(userId: string): Device[] {
    return this.devices.filter(({ person }) => person.id === userId)
  }

  /** One more device of a person, with a session of its own where that is wanted. */
  async addDevice(person: TestPerson, hasOwnSession: boolean): Promise<void> {
    const session = hasOwnSession ? { ...person, ...(await this.newSession(person)) } : person
    this.devices.push(this.#makeDevice(person, session))
  }

  newSession(person: TestPerson) {
    return makeSession(this.#stage.api.isolate, person.id)
  }

  #makeDevice(person: TestPerson, session: TestPerson): Device {
    const device: Device = {
      person,
      session,
      // A device may have signed in again since.
      reader: new RoomReader(person.id, () => this.history(device.session)),
      socket: undefined,
      unanswered: new Map(),
    }
    return device
  }

  /** Opens the socket and waits until it is ready. Answers where the log stood. */
  async connect(device: Device): Promise<number> {
    const { reader, session } = device
    const socket = await openRoom(this.#stage.api, session, this.room.id, reader.lastSeq)
    reader.attach(socket)
    device.socket = socket
    this.opened.push({ device, socket, mayTellUpTo: Number.POSITIVE_INFINITY })
    await eventually(async () => {
      await reader.take()
      return reader.isReady
    }, 'room:ready')
    return socket.lines.find(({ event }) => event === 'room:ready')?.data.seq
  }

  /** From here on none of these may be told anything that comes after `seq`, and their sockets close. */
  async demandEnded(isMeant: (device: Device) => boolean, seq: number): Promise<void> {
    for (const opened of this.opened) {
      if (!isMeant(opened.device)) continue
      opened.mayTellUpTo = Math.min(opened.mayTellUpTo, seq)
      await eventually(() => opened.socket.closed !== undefined, 'the end of a socket that has no right to be open')
    }
    for (const device of this.devices.filter(isMeant)) device.socket = undefined
  }

  /** Lets the client's end go; the object may not know it yet. */
  hangUp(device: Device): void {
    const { socket } = device
    if (!socket) return
    socket.close()
    device.socket = undefined
    for (const opened of this.opened.filter((one) => one.socket === socket)) {
      // What was on its way is read by nobody any more.
      opened.mayTellUpTo = Number.POSITIVE_INFINITY
      this.opened.splice(this.opened.indexOf(opened), 1)
    }
  }

  /** Until the object knows of no more open sockets than there are. */
  async settleSockets(): Promise<void> {
    const open = this.devices.filter(({ socket }) => socket).length
    await eventually(
      () =>
        runInDurableObject(
          this.stub,
          (_room, state) =>
            state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN).length <= open,
        ),
      `no more than ${open} sockets`,
    )
  }

  /** The object falls asleep, its sockets stay open. */
  async evict(): Promise<void> {
    // One that is not awake has nothing to put to sleep.
    await evictDurableObject(this.stub).catch((error: unknown) => {
      if (!String(error).includes('not currently running')) throw error
    })
  }

  /** The object dies as it is, with all of its sockets. */
  async abort(): Promise<void> {
    await runInDurableObject(this.stub, (_room, state) => state.abort('A crash on purpose')).catch(() => undefined)
    await eventually(
      () => this.devices.every(({ socket }) => !socket || socket.closed !== undefined),
      'sockets end with their object',
    )
    for (const device of this.devices) {
      if (device.socket)
        this.opened.splice(
          this.opened.findIndex(({ socket }) => socket === device.socket),
          1,
        )
      device.socket = undefined
    }
  }

  /** What stands in the log after `seq`, from the tables. */
  log(after = 0): Promise<LogRow[]> {
    return readLog(this.stub, after)
  }

  /** The whole history, page by page, oldest first. */
  async history(session: { accessToken: string }): Promise<Message[]> {
    const path = `/v1/chat/rooms/${this.room.id}/messages?limit=25`
    let messages: Message[] = []
    for (let cursor: unknown = ''; cursor !== null; ) {
      const { status, body } = await this.as(session).get<Message[]>(cursor ? `${path}&cursor=${cursor}` : path)
      if (status !== 200) throw new Error(`The history answered ${status}`)
      messages = [...body.data, ...messages]
      cursor = body.meta.nextCursor ?? null
    }
    return messages
  }

  /** The room tells the databases of itself. */
  async summarise(): Promise<void> {
    this.#stage.time.forward(LONGER_THAN_BETWEEN_SUMMARIES_MS)
    await runDurableObjectAlarm(this.stub)
    await this.#stage.queues.deliver({ twice: true })
  }

  /** Until nothing is left to do: no alarm is set, no queue holds anything. @throws Error where that never comes */
  async bringToRest(): Promise<void> {
    await this.summarise()
    this.#stage.time.forward(LONGER_THAN_GRACE_MS)
    for (let times = 1; await runDurableObjectAlarm(this.stub); times += 1) {
      if (times > 6) throw new Error('The room’s alarm never comes to rest')
      this.#stage.time.forward(LONGER_THAN_BETWEEN_SUMMARIES_MS)
    }
    await this.#stage.queues.deliver({ twice: true })
  }

  /** Nobody is left connected. */
  end(): void {
    for (const device of this.devices) this.hangUp(device)
  }
}

/** Looks again and again, for as long as anything in this runtime may reasonably take. */
export async function eventually(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const began = performance.now()
  while (!(await isSo())) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`It never came to this: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
