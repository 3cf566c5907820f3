import type { TestPerson } from '../people.ts'
import { type Act, sayByRoute, type Told } from './acts.ts'
import type { Attempt } from './history-run.ts'
import { type Fact, findSent, RoomOracle, type RoomState } from './oracle.ts'
import { isOf, type LogRow } from './room-log.ts'
import { messagesOf, toView, unreadAfter } from './views.ts'
import { type ChatWorld, type Device, eventually } from './world.ts'

/** Between which seqs a person's watermark must stand. Apart only where a connection ended without a word. */
export interface Bounds {
  low: number
  high: number
}

/** Compares what people are told, and what the room has stored, with what the oracle says of it. */
export class Ledger {
  readonly oracle: RoomOracle
  readonly #world: ChatWorld
  readonly #bounds = new Map<string, Bounds>()
  #onlineIds = new Set<string>()

  constructor(world: ChatWorld, memberCount: number) {
    this.#world = world
    const names = new Map(world.people.map(({ id, username }) => [id, username]))
    const first = world.people
      .slice(0, memberCount)
      .map(({ id }, i): [string, 'owner' | 'member'] => [id, i === 0 ? 'owner' : 'member'])
    this.oracle = new RoomOracle(names, first)
  }

  get state(): RoomState {
    return this.oracle.now()
  }

  isMember({ person }: Pick<Device, 'person'>): boolean {
    return this.state.roles.has(person.id)
  }

  boundsOf(userId: string): Bounds {
    const bounds = this.#bounds.get(userId) ?? { low: 0, high: 0 }
    this.#bounds.set(userId, bounds)
    return bounds
  }

  /** Who opens a room has read what is there. */
  async connect(device: Device): Promise<void> {
    this.#raise(device.person.id, await this.#world.connect(device))
  }

  /** Who leaves with a word has read what was there. */
  async hangUp(device: Device): Promise<void> {
    const wasOnline = device.socket !== undefined
    this.#world.hangUp(device)
    await this.#world.settleSockets()
    if (wasOnline) this.#raise(device.person.id, this.oracle.lastSeq)
  }

  /** Whoever is online may have read what comes now, and may be offline when it has come. */
  beginStep(): void {
    this.#onlineIds = new Set(this.#world.devices.filter(({ socket }) => socket).map(({ person }) => person.id))
  }

  /** Finds what has been stored since the last time, and demands that it is what these attempts must have become. */
  async place(attempts: readonly Attempt[], isAlone: boolean): Promise<void> {
    const { oracle } = this
    const rows = await this.#world.log(oracle.lastSeq)
    const states = [oracle.now()]
    const left = [...attempts]
    for (const row of rows) {
      if (row.seq !== oracle.lastSeq + 1) throw new Error(`After ${oracle.lastSeq} the log has ${row.seq}`)
      const makers = left.filter(({ device, act }) => isOf(row, device.person.id, act))
      // Of two repeats at the same time one may have come too late to be allowed.
      const attempt = makers.find(({ told }) => told.result !== 'refused') ?? makers[0]
      if (!attempt) throw new Error(`Nobody did what the log has: ${JSON.stringify(row)}`)
      left.splice(left.indexOf(attempt), 1)
      const fact = factOf(attempt, row)
      const verdict = oracle.judge(oracle.now(), fact.by, fact.act)
      if (verdict !== 'happens') throw new Error(`It must be ${verdict}, and it has happened: ${JSON.stringify(row)}`)
      oracle.facts.push(fact)
      states.push(oracle.now())
      await this.#noteFact(fact)
    }
    for (const attempt of attempts) {
      this.#demandTruth(attempt, !left.includes(attempt), states)
      this.#noteReading(attempt, isAlone)
    }
    for (const userId of this.#onlineIds) {
      const bounds = this.boundsOf(userId)
      bounds.high = Math.max(bounds.high, oracle.lastSeq)
    }
    const [only] = attempts
    if (isAlone && only?.act.event === 'message:read' && only.told.result === 'done') {
      this.#demandPosition(only.device.person, only.told)
    }
  }

  /** Everybody who is online sees the room as it is. */
  async follow(): Promise<void> {
    const state = this.state
    for (const device of this.#world.devices.filter(({ socket }) => socket)) {
      const { reader, socket } = device
      await eventually(async () => {
        await reader.take()
        if (socket?.closed) throw new Error(`The socket of ${device.person.username} closed: ${socket.closed.code}`)
        return reader.lastSeq === this.oracle.lastSeq
      }, `${device.person.username} is told of ${this.oracle.lastSeq}; they know ${reader.lastSeq}`)
      this.demandView(device.person, reader.messages().map(toView), state)
      if (reader.faults.length > 0) throw new Error(reader.faults.join('; '))
    }
  }

  demandView({ id, username }: TestPerson, views: readonly string[], state: RoomState): void {
    demandEqual(views, messagesOf(state, id).map(toView), `What ${username} sees`)
  }

  async #noteFact({ seq, by, act: { event, data } }: Fact): Promise<void> {
    const userId = 'userId' in data ? data.userId : by
    if (event === 'message:send') this.#raise(by, seq)
    else if (event === 'room:join' || event === 'member:add') this.#raise(userId, seq)
    else if (event === 'room:leave' || event === 'member:remove' || event === 'member:ban') {
      await this.#world.demandEnded(({ person }) => person.id === userId, seq - 1)
    }
  }

  #demandTruth({ device, act, told }: Attempt, hasHappened: boolean, states: readonly RoomState[]): void {
    const by = device.person.id
    const said = () => `${device.person.username}: ${JSON.stringify(act)} was told ${JSON.stringify(told)}`
    const verdicts = states.map((state) => this.oracle.judge(state, by, act))
    if (told.result === 'refused') {
      if (hasHappened || !verdicts.includes('refused')) throw new Error(`Refused, and it must not be: ${said()}`)
    }
    if (told.result !== 'done') return
    if (verdicts.includes('quiet')) {
      this.oracle.facts.push({ seq: this.oracle.lastSeq, by, act, isQuiet: true })
    } else if (!hasHappened && !verdicts.includes('nothing')) throw new Error(`Acknowledged and lost: ${said()}`)
    if (act.event !== 'message:send') return
    const sent = act.data.clientMessageId
      ? findSent(this.state, by, act.data.clientMessageId)
      : this.state.said.find(({ content }) => content === act.data.content)
    if (!sent || told.message?.id !== sent.id || told.message.seq !== sent.seq) {
      throw new Error(`Acknowledged as another message: ${said()}, and the room has ${JSON.stringify(sent)}`)
    }
  }

  #noteReading({ device, act, told }: Attempt, isAlone: boolean): void {
    if (act.event !== 'message:read' || told.result === 'refused') return
    const bounds = this.boundsOf(device.person.id)
    const upTo = Math.min(act.data.seq, this.oracle.lastSeq)
    bounds.high = Math.max(bounds.high, upTo)
    // At the same time as others', it may have come before the last of what there is.
    const isSure = told.result === 'done' && (isAlone || (told.position?.seq ?? 0) >= upTo)
    if (isSure) bounds.low = Math.max(bounds.low, upTo)
  }

  /** What is unread, as a member is told who says that they have read nothing more. */
  async demandUnread(session: TestPerson): Promise<void> {
    const act: Act = { event: 'message:read', data: { seq: 0 } }
    const told = await sayByRoute(this.#world.as(session), this.#world.room.id, act)
    this.#demandPosition(session, told)
  }

  #demandPosition({ id, username }: TestPerson, told: Told): void {
    const { low, high } = this.boundsOf(id)
    const position = told.result === 'done' ? told.position : undefined
    if (!position || position.seq < low || position.seq > high) {
      throw new Error(`${username} has read to ${position?.seq}, and it must be ${low} to ${high}`)
    }
    const { unread, mentions } = unreadAfter(this.state, id, position.seq)
    demandEqual([position.unreadCount, position.mentionCount], [unread, mentions], `Unread by ${username}, mentions`)
  }

  #raise(userId: string, seq: number): void {
    const bounds = this.boundsOf(userId)
    bounds.low = Math.max(bounds.low, seq)
    bounds.high = Math.max(bounds.high, seq)
  }
}

function factOf({ device, act }: Attempt, { seq, messageId }: LogRow): Fact {
  const fact = { seq, by: device.person.id, act }
  return act.event === 'message:send' && messageId !== null ? { ...fact, messageId } : fact
}

/** @throws Error that shows what differs */
export function demandEqual(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found, null, 1), JSON.stringify(expected, null, 1)]
  if (a !== b) throw new Error(`${what}:\n${a}\nand it must be\n${b}`)
}
