import { DurableObject } from 'cloudflare:workers'
import { createSystemContext, relayPorts } from '../../src/compose.ts'
import type { Env } from '../../src/env.ts'
import type { Message, RoomMember, SendMessageBody } from '../../src/features/chat/schemas.ts'
import { isolateOf } from '../../src/isolate.ts'
import { type Call, currentCall, inCall } from '../../src/platform/call.ts'
import { SECOND_MS, systemClock } from '../../src/platform/clock.ts'
import { notFound } from '../../src/platform/errors.ts'
import type { Attempt } from '../../src/platform/idempotency/idempotency.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { rootScope, withScope } from '../../src/platform/observability/scope.ts'
import { readUpgrade, type Upgrade } from '../../src/platform/realtime/upgrade.ts'
import { type Outcome, unwrap } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { type Ended, isAmong } from '../shared/ended.ts'
import { CLOSE, push } from '../shared/frames.ts'
import { ObjectIdempotency, type Once } from '../shared/idempotency.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { ObjectOutbox } from '../shared/outbox.ts'
import { SessionCheck } from '../shared/session-check.ts'
import { acceptSocket, callerOf, closeSockets, inSocket, presentUserIds, wasHeardLately } from '../shared/sockets.ts'
import { sendLines, Tick } from '../shared/tick.ts'
import { RoomLog } from './log.ts'
import { RoomMembers } from './members.ts'
import { MEMBERS_LISTED, type OpenedRoom, type OpenRoom, openRoom, RoomRecord, toRoomMember } from './room.ts'
import { MIGRATIONS } from './schema.ts'
import { draftOf, flushSends, greeting, type Pending, receive, type SentMessage, writeSends } from './sends.ts'
import { Subscribers } from './subscribers.ts'
import { markSeen, SUMMARY_EVERY_MS, type SummaryParts, summarise, tellAbsent } from './summary.ts'

const ALARM_RETRY_MS = 5 * SECOND_MS

/** One chat room: the truth for its members, messages and their order, and the only writer of them. */
export class ChatRoom extends DurableObject<Env> {
  readonly #logger: Logger
  readonly #sql: MeteredSql
  readonly #room: RoomRecord
  readonly #members: RoomMembers
  readonly #log: RoomLog
  readonly #outbox: ObjectOutbox
  readonly #idempotency: ObjectIdempotency
  readonly #sessions: SessionCheck
  readonly #tick: Tick<Pending>
  readonly #alarm: Alarm
  readonly #subscribers: Subscribers
  /** The last end of sessions of each user: an upgrade may have been on its way. It may vanish with the instance. */
  readonly #ended = new Map<string, Ended>()

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#logger = isolateOf(env).log
    this.#sql = new MeteredSql(state.storage.sql)
    this.#room = new RoomRecord(this.#sql)
    this.#members = new RoomMembers(this.#sql)
    this.#log = new RoomLog(this.#sql, () => this.#room.get().id)
    this.#outbox = new ObjectOutbox(this.#sql)
    this.#idempotency = new ObjectIdempotency(this.#sql)
    this.#sessions = new SessionCheck(env.DB, this.#logger)
    this.#alarm = new Alarm(state, this.#logger)
    this.#subscribers = new Subscribers(this.#sql, {
      roomId: () => this.#room.get().id,
      callUser: async (userId, lines) => {
        const user = env.USER_SOCKET.getByName(userId)
        return unwrap(await user.relay(currentCall(), { roomId: this.#room.get().id, lines }))
      },
      clock: systemClock,
      log: this.#logger,
    })
    this.#tick = new Tick(
      (pending) => this.#flush(pending),
      ({ draft }) => draft.content.length,
    )
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Makes the room, or finds that it is there: many may ask at once. */
  open(call: Call, input: OpenRoom, attempt?: Attempt): Promise<Outcome<Once<OpenedRoom>>> {
    return outcome(call, this.#sql, () =>
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

  describe(call: Call, userId: string): Promise<Outcome<{ lastSeq: number; members: RoomMember[] }>> {
    return outcome(call, this.#sql, () => {
      this.#demandMember(userId)
      return { lastSeq: this.#log.lastSeq, members: this.#members.list(MEMBERS_LISTED).map(toRoomMember) }
    })
  }

  /** A page of the newest messages before `before`, oldest first. */
  history(call: Call, userId: string, page: { before?: number; limit: number }): Promise<Outcome<Message[]>> {
    return outcome(call, this.#sql, () => {
      this.#demandMember(userId)
      return this.#log.page(page.before, page.limit)
    })
  }

  send(call: Call, userId: string, body: SendMessageBody, attempt?: Attempt): Promise<Outcome<Once<SentMessage>>> {
    return outcome(call, this.#sql, () => {
      this.#demandMember(userId)
      return this.#idempotency.once(
        attempt,
        () =>
          new Promise<SentMessage>((resolve, reject) => {
            this.#tick.add({ draft: draftOf(userId, body), settle: { by: 'call', resolve, reject, attempt } })
          }),
      )
    })
  }

  /** A member has a socket of their own: what happens here is relayed to it until then. */
  subscribe(
    call: Call,
    { userId, username, avatar, until }: { userId: string; username: string; avatar: string | null; until: number },
  ): Promise<Outcome<{ seq: number }>> {
    return outcome(call, this.#sql, () => {
      this.#demandMember(userId)
      this.#members.rename(userId, username, avatar)
      this.#subscribers.subscribe({ userId, username, until })
      return { seq: this.#log.lastSeq }
    })
  }

  /** They have had none for a while. */
  unsubscribe(call: Call, userId: string): Promise<Outcome<null>> {
    return outcome(call, this.#sql, () => {
      this.#subscribers.unsubscribe(userId)
      return null
    })
  }

  /** Closes the sockets of sessions that have ended, and of those that are just opening. Answers how many. */
  endSessions(call: Call, userId: string, ended: Ended): Promise<Outcome<number>> {
    return outcome(call, this.#sql, () => {
      this.#ended.set(userId, ended)
      return closeSockets(this.ctx, userId, ended)
    })
  }

  /** The upgrade. Who calls has been checked by the Worker; membership is checked here. */
  override async fetch(request: Request): Promise<Response> {
    const upgrade = readUpgrade(request)
    return inCall(upgrade.call, () => this.#open(upgrade))
  }

  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    await inSocket(socket, async (caller) => {
      if (!this.#sessions.isTrusted(caller.sessionId) && !(await this.#sessions.look(caller.sessionId))) {
        socket.close(CLOSE.sessionEnded, 'The session has ended')
        return
      }
      // From here to the tick nothing is awaited: the order of frames is the order of messages.
      const received = receive(socket, caller.userId, raw)
      if ('refused' in received) sendLines(socket, received.refused)
      else this.#tick.add(received)
    })
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    inSocket(socket, () => this.#leave(socket))
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    inSocket(socket, () => this.#leave(socket))
  }

  override async alarm(): Promise<void> {
    await withScope(rootScope(this.#alarm.rang()), async () => {
      await this.#orAgain('Room Summary Failed', async () => {
        const unseen = this.#transact(() => summarise(this.#parts, presentUserIds(this.ctx)))
        const ctx = createSystemContext(isolateOf(this.env), this.env, 'chat-room', this.ctx.waitUntil.bind(this.ctx))
        await tellAbsent(unseen, ctx, this.#outbox)
      })
      await this.#orAgain('Room Outbox Failed', async () => {
        const hasMore = await this.#outbox.drain(relayPorts(this.env))
        if (hasMore) this.#alarm.set(Date.now())
      })
    })
  }

  /** When a transaction is undone, what memory has of it is undone too. */
  #transact<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work)
    } catch (error) {
      this.#room.recover()
      this.#log.recover()
      this.#alarm.forget()
      throw error
    }
  }

  /** What failed stays in log and outbox, which the next alarm takes up again. */
  async #orAgain(failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#logger.error(failure, { roomId: this.#room.find()?.id, error })
      this.#alarm.set(Date.now() + ALARM_RETRY_MS)
    }
  }

  #open({ caller, since }: Upgrade): Response {
    if (!this.#room.find() || !this.#members.find(caller.userId)) return new Response(null, { status: 404 })
    const ended = this.#ended.get(caller.userId)
    if (ended && isAmong(ended, caller.sessionId)) return new Response(null, { status: 401 })
    this.#tick.end()
    const { client, server } = acceptSocket(this.ctx, caller)
    this.#sessions.trust(caller.sessionId)
    this.#members.rename(caller.userId, caller.username, caller.avatar)
    this.#see(caller.userId)
    sendLines(server, greeting(this.#room.get().id, this.#log, since))
    return new Response(null, { status: 101, webSocket: client })
  }

  #flush(pending: Pending[]): void {
    const fresh = flushSends(
      pending,
      () => this.#transact(() => writeSends(this.#log, this.#idempotency, pending)),
      () => this.ctx.getWebSockets(),
      (error) => this.#logger.error('Room Flush Failed', { roomId: this.#room.find()?.id, error }),
    )
    if (fresh.length === 0) return
    this.#subscribers.tell(
      fresh.map((message) => push('message:new', message, message.seq)),
      this.#log.lastSeq,
    )
    // Who writes has read what was there, also without a socket.
    const absent = pending.flatMap(({ draft, settle }) => (settle.by === 'call' ? [draft.authorId] : []))
    for (const userId of new Set(absent)) this.#see(userId)
    this.#alarm.set(this.#room.get().summarised_at + SUMMARY_EVERY_MS)
  }

  /** Whoever was told of something unseen need not be any more. */
  #see(userId: string): void {
    if (markSeen(this.#parts, userId)) this.#alarm.set(Date.now())
  }

  #leave(socket: WebSocket): void {
    this.#tick.end()
    // Who has not been heard of for a while has not seen what came since.
    if (wasHeardLately(this.ctx, socket)) this.#members.see([callerOf(socket).userId], this.#log.lastSeq)
  }

  get #parts(): SummaryParts {
    return { room: this.#room, members: this.#members, log: this.#log, outbox: this.#outbox }
  }

  #demandMember(userId: string): void {
    if (!this.#room.find() || !this.#members.find(userId)) throw notFound('Room')
  }
}
