import { DurableObject } from 'cloudflare:workers'
import { relayPorts, tellFigures } from '../../src/compose.ts'
import type { Env } from '../../src/env.ts'
import type { RoomActor, Work } from '../../src/features/chat/commands.ts'
import type { Question } from '../../src/features/chat/questions.ts'
import type { RoomPresence } from '../../src/features/chat/schemas.ts'
import { isolateOf } from '../../src/isolate.ts'
import { type Call, inCall } from '../../src/platform/call.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import type { Attempt } from '../../src/platform/idempotency/idempotency.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { rootScope, withScope } from '../../src/platform/observability/scope.ts'
import { readUpgrade, type Upgrade } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { Doorkeeper } from '../shared/doorkeeper.ts'
import { type Ended, isAmong } from '../shared/ended.ts'
import { ObjectIdempotency, type Once } from '../shared/idempotency.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { Paced } from '../shared/paced.ts'
import { SessionCheck } from '../shared/session-check.ts'
import { SocketTally } from '../shared/socket-tally.ts'
import { acceptSocket, answerClose, callerOf, closeSockets, inSocket, isReading } from '../shared/sockets.ts'
import { sendLines, Tick } from '../shared/tick.ts'
import { Audience } from './audience.ts'
import type { Block } from './blocks.ts'
import { demandMember } from './commands/effect.ts'
import { refusalToWrite } from './commands/messages.ts'
import { Conversation } from './conversation.ts'
import { deliver } from './deliver.ts'
import { type Flushed, type Pending, refuseAll, settleAll, writeAll } from './flush.ts'
import { openParts, type RoomParts, recoverParts } from './parts.ts'
import { Reading } from './reading.ts'
import { answer } from './reads.ts'
import { greeting } from './replay.ts'
import { type OpenedRoom, type OpenRoom, openRoom } from './room.ts'
import { MIGRATIONS } from './schema.ts'
import { summaryDue } from './summary.ts'
import { tendRoom } from './tend-room.ts'

const ALARM_RETRY_MS = 5 * SECOND_MS
/** Who comes and goes, a hundred at once or one by one, makes the room look at everybody at most this often. */
const LOOK_EVERY_MS = SECOND_MS / 4

/** One chat room: the truth for its members, messages and their order, and the only writer of them. */
export class ChatRoom extends DurableObject<Env> {
  readonly #logger: Logger
  readonly #sql: MeteredSql
  readonly #parts: RoomParts
  readonly #audience: Audience
  readonly #reading: Reading
  readonly #conversation: Conversation
  readonly #sessions: SessionCheck
  readonly #idempotency: ObjectIdempotency
  readonly #tick: Tick<Pending>
  readonly #alarm: Alarm
  /** Both go over all sockets. */
  readonly #counting: Paced<WebSocket>
  readonly #noticing: Paced
  /** After a failure nothing hurries, whatever comes in meanwhile. */
  #notBefore = 0
  /** The last end of sessions of each user: an upgrade may have been on its way. It may vanish with the instance. */
  readonly #ended = new Map<string, Ended>()

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#logger = isolateOf(env).log
    this.#logger.debug('Room Constructed', { object: state.id.name })
    this.#sql = new MeteredSql(state.storage.sql, isolateOf(env).figures.spent)
    this.#parts = openParts(this.#sql)
    this.#audience = new Audience(state, this.#sql, this.#parts, {
      users: env.USER_SOCKET,
      log: this.#logger,
      onChange: () => this.#arm(),
    })
    this.#reading = new Reading(state, this.#parts, this.#audience, (work) => this.#transact(work))
    this.#idempotency = new ObjectIdempotency(this.#sql)
    this.#alarm = new Alarm(state, this.#logger)
    const tally = new SocketTally(state, isolateOf(env).figures, 'room')
    this.#counting = new Paced(LOOK_EVERY_MS, (ended) => {
      tally.look(ended)
      tellFigures(isolateOf(env), env, (work) => state.waitUntil(work))
    })
    this.#noticing = new Paced(LOOK_EVERY_MS, () => this.#noticeGone())
    this.#sessions = new SessionCheck(env.DB, isolateOf(env).figures.spent, this.#logger)
    this.#tick = new Tick(
      (pending) => this.#flush(pending),
      ({ work }) => ('content' in work.data ? work.data.content.length : 1),
    )
    const doorkeeper = new Doorkeeper(this.#sessions, isolateOf(env).settings.RATE_LIMIT_SCALE)
    this.#conversation = new Conversation(
      { sessions: this.#sessions, doorkeeper },
      { parts: this.#parts, audience: this.#audience, tick: this.#tick },
      (socket, isReadingNow) => this.#heedReading(socket, isReadingNow),
    )
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    this.#noticeGone()
  }

  /** Makes the room, or finds that it is there: many may ask at once. */
  open(call: Call, input: OpenRoom, attempt?: Attempt): Promise<Outcome<Once<OpenedRoom>>> {
    return outcome(call, () =>
      this.#idempotency.once(attempt, () =>
        this.#transact(() => {
          const opened = openRoom(this.#parts, input)
          if (opened.created) this.#alarm.set(Date.now())
          this.#idempotency.keep(attempt, opened)
          return opened
        }),
      ),
    )
  }

  /** Whatever somebody does here, at the end of the tick in which it came. Answers what `Results` says. */
  act(call: Call, by: RoomActor, work: Work, attempt?: Attempt): Promise<Outcome<Once<unknown>>> {
    return outcome(call, () => this.#idempotency.once(attempt, () => this.#enqueue(by, work, attempt)))
  }

  /** What a member asks. Answers what `Replies` says. */
  ask(call: Call, userId: string, question: Question): Promise<Outcome<unknown>> {
    return outcome(call, () => {
      this.#tick.end()
      return this.#transact(() => answer(this.#parts, userId, question))
    })
  }

  presence(call: Call, userId: string): Promise<Outcome<RoomPresence>> {
    return outcome(call, () => {
      demandMember(this.#parts, { userId })
      this.#noticing.ask()
      return this.#audience.presence()
    })
  }

  type(call: Call, userId: string, isTyping: boolean): Promise<Outcome<null>> {
    return outcome(call, () => {
      const member = demandMember(this.#parts, { userId })
      const refusal = isTyping ? refusalToWrite(this.#parts, member, Date.now()) : undefined
      if (refusal) throw refusal
      this.#audience.type(userId, member.username, isTyping)
      return null
    })
  }

  /** A person's own object has sockets, and wants to hear of this room until then (milliseconds). */
  subscribe(
    call: Call,
    { userId, username, avatar, until }: { userId: string; username: string; avatar: string | null; until: number },
  ): Promise<Outcome<{ seq: number }>> {
    return outcome(call, () => {
      demandMember(this.#parts, { userId })
      this.#parts.members.rename(userId, username, avatar)
      this.#audience.subscribe(userId, username, until)
      return { seq: this.#parts.log.lastSeq }
    })
  }

  unsubscribe(call: Call, userId: string): Promise<Outcome<null>> {
    return outcome(call, () => {
      this.#audience.unsubscribe(userId)
      this.#arm()
      return null
    })
  }

  /** One of a private pair blocks the other, or does so no longer: nobody writes while either does. */
  setBlock(call: Call, blockerId: string, block: Block): Promise<Outcome<null>> {
    return outcome(call, () => {
      // What waits was said before.
      this.#tick.end()
      this.#parts.blocks.set(blockerId, block)
      return null
    })
  }

  /** Closes the sockets of sessions that have ended, and of those that are just opening. Answers how many. */
  endSessions(call: Call, userId: string, ended: Ended): Promise<Outcome<number>> {
    return outcome(call, () => {
      this.#ended.set(userId, ended)
      const sessionIds = closeSockets(this.ctx, userId, ended)
      for (const sessionId of sessionIds) this.#sessions.forget(sessionId)
      return sessionIds.length
    })
  }

  /** The upgrade. Who calls has been checked by the Worker; membership is checked here. */
  override async fetch(request: Request): Promise<Response> {
    const upgrade = readUpgrade(request)
    return inCall(upgrade.call, () => this.#open(upgrade))
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    await inSocket(socket, (caller) => this.#conversation.hear(socket, caller, raw))
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    inSocket(socket, () => this.#leave(socket))
    answerClose(socket, code)
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    inSocket(socket, () => this.#leave(socket))
  }

  override async alarm(): Promise<void> {
    await withScope(rootScope(this.#alarm.rang()), async () => {
      const isDone = await this.#tend()
      this.#audience.settlePresence(Date.now())
      this.#notBefore = isDone ? 0 : Date.now() + ALARM_RETRY_MS
      this.#arm()
      this.#counting.ask()
    })
  }

  #tend(): Promise<boolean> {
    return tendRoom({
      parts: this.#parts,
      audience: this.#audience,
      alarm: this.#alarm,
      transact: (work) => this.#transact(work),
      relay: () => relayPorts(this.env),
      log: this.#logger,
    })
  }

  /** When a transaction is undone, what memory has of it is undone too. */
  #transact<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work)
    } catch (error) {
      recoverParts(this.#parts)
      this.#alarm.forget()
      throw error
    }
  }

  #open({ caller, since, isReading: isReadingNow }: Upgrade): Response {
    // What waits was said before: it may make the caller a member, or take them out.
    this.#tick.end()
    const member = this.#parts.room.find() && this.#parts.members.find(caller.userId)
    if (!member) return new Response(null, { status: 404 })
    const ended = this.#ended.get(caller.userId)
    if (ended && isAmong(ended, caller.sessionId)) return new Response(null, { status: 401 })
    const full = this.#audience.fullFor(caller.userId)
    if (full) return full
    const { client, server } = acceptSocket(this.ctx, caller, isReadingNow)
    this.#sessions.trust(caller.sessionId)
    this.#parts.members.rename(caller.userId, caller.username, caller.avatar)
    this.#audience.enter(caller, server)
    if (isReadingNow) this.#reading.readAll(member)
    sendLines(server, greeting(this.#parts, this.#audience.presence(), caller.userId, since))
    this.#arm()
    this.#noticing.ask()
    this.#counting.ask()
    return new Response(null, { status: 101, webSocket: client })
  }

  #enqueue(by: RoomActor, work: Work, attempt: Attempt | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#tick.add({ by, work, settle: { by: 'call', resolve, reject, attempt } })
    })
  }

  #flush(pending: Pending[]): void {
    let flushed: Flushed
    try {
      flushed = this.#transact(() => {
        const written = writeAll(this.#parts, this.#idempotency, pending)
        this.#arm()
        return written
      })
    } catch (error) {
      this.#logger.error('Room Flush Failed', { roomId: this.#parts.room.find()?.id, error })
      refuseAll(pending, error, sendLines)
      return
    }
    deliver(this.ctx, this.#audience, flushed, settleAll(pending, flushed.outcomes))
  }

  #leave(socket: WebSocket): void {
    this.#tick.end()
    const { userId } = callerOf(socket)
    this.#reading.note(socket)
    this.#audience.depart(userId, socket)
    this.#arm()
    this.#counting.ask(socket)
  }

  #heedReading(socket: WebSocket, isReadingNow: boolean): void {
    if (isReading(socket) === isReadingNow) return
    this.#tick.end()
    this.#reading.heed(socket, isReadingNow)
    this.#arm()
  }

  #noticeGone(): void {
    if (this.#audience.noticeGone(Date.now())) this.#arm()
  }

  /** Sets the alarm for what is due first, as the tables say. */
  #arm(): void {
    const { outbox, room } = this.#parts
    if (!room.find()) return
    const due = [outbox.isEmpty ? undefined : Date.now(), summaryDue(this.#parts), this.#audience.nextGraceEnd()]
    const first = Math.min(...due.map((at) => at ?? Number.POSITIVE_INFINITY))
    if (first !== Number.POSITIVE_INFINITY) this.#alarm.set(Math.max(first, this.#notBefore))
  }
}
