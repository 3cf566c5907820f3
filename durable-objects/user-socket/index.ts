import { DurableObject } from 'cloudflare:workers'
import { createSystemContext, tellFigures } from '../../src/compose.ts'
import type { Env } from '../../src/env.ts'
import type { Notification } from '../../src/features/notifications/schemas.ts'
import { isolateOf } from '../../src/isolate.ts'
import { type Call, currentCall, inCall } from '../../src/platform/call.ts'
import { inTurns } from '../../src/platform/in-turns.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { rootScope, withScope } from '../../src/platform/observability/scope.ts'
import { readUpgrade, type SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Doorkeeper } from '../shared/doorkeeper.ts'
import { DueAlarm } from '../shared/due-alarm.ts'
import type { Ended } from '../shared/ended.ts'
import { CLOSE, push } from '../shared/frames.ts'
import { ObjectInbox } from '../shared/inbox.ts'
import type { Relayed } from '../shared/lease.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { SessionCheck } from '../shared/session-check.ts'
import { SocketTally } from '../shared/socket-tally.ts'
import {
  acceptSocket,
  answerClose,
  closeSockets,
  findSilent,
  inSocket,
  newestCaller,
  openSockets,
} from '../shared/sockets.ts'
import { sendLines } from '../shared/tick.ts'
import { Conversation } from './conversation.ts'
import { expireSessions } from './expire-sessions.ts'
import { type RoomAddress, RoomLeases } from './leases.ts'
import { MIGRATIONS } from './schema.ts'
import { type Admission, SocketSessions } from './sessions.ts'
import { ROOMS_AT_ONCE, tendLeases } from './tend-leases.ts'

/** Of one person, at the same time. */
const MAX_SOCKETS = 20

/** One person: their own sockets, their redeemed tickets, where else they have sockets, and who relays to them. */
export class UserSocket extends DurableObject<Env> {
  readonly #logger: Logger
  readonly #sql: MeteredSql
  readonly #sessions: SocketSessions
  readonly #leases: RoomLeases
  readonly #check: SessionCheck
  readonly #inbox: ObjectInbox
  readonly #alarm: DueAlarm
  readonly #conversation: Conversation
  readonly #tally: SocketTally

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#logger = isolateOf(env).log
    this.#sql = new MeteredSql(state.storage.sql, isolateOf(env).figures.spent)
    this.#sessions = new SocketSessions(this.#sql)
    this.#leases = new RoomLeases(this.#sql)
    this.#inbox = new ObjectInbox(this.#sql)
    this.#check = new SessionCheck(env.DB, isolateOf(env).figures.spent, this.#logger)
    this.#alarm = new DueAlarm(state, this.#logger, [() => this.#sessions.nextLook(), () => this.#leases.nextDue()])
    this.#conversation = new Conversation({
      rooms: env.CHAT_ROOM,
      sessions: this.#check,
      doorkeeper: new Doorkeeper(this.#check, isolateOf(env).settings.RATE_LIMIT_SCALE),
      system: () => createSystemContext(isolateOf(env), env, 'user-socket', (work) => state.waitUntil(work)),
      known: (roomId) => this.#leases.find(roomId)?.object_name,
      follow: (room) => this.#follow(room),
    })
    this.#tally = new SocketTally(state, isolateOf(env).figures, 'user')
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Redeems a ticket, once, and remembers the room in the same call: its socket can be closed from here. */
  admit(call: Call, admission: Admission): Promise<Outcome<null>> {
    return outcome(call, () => {
      this.ctx.storage.transactionSync(() => this.#sessions.admit(admission))
      this.#alarm.arm()
      return null
    })
  }

  /** Shows a notification on every socket that is open; answers on how many. */
  notify(call: Call, notification: Notification): Promise<Outcome<number>> {
    return outcome(call, () => this.#show([push('notification:new', notification)]))
  }

  /** Shows a room's lines, as one frame on every socket that is open. */
  relay(call: Call, { roomId, lines }: { roomId: string; lines: string[] }): Promise<Outcome<Relayed>> {
    return outcome(call, () => {
      const lease = this.#leases.find(roomId)
      // A room that they have left meanwhile, or that others have pushed out.
      if (!lease) return { reached: 0, keep: false }
      const reached = this.#show(lines)
      if (reached === 0) this.#look()
      return { reached, keep: this.#leases.noteRelay(lease, reached, Date.now()) }
    })
  }

  /** The person has joined a room: where they have a socket it relays to them from now on. */
  follow(call: Call, room: RoomAddress, eventId?: string): Promise<Outcome<null>> {
    return this.#once(call, eventId, () => this.#follow(room))
  }

  /** The person is no member of a room any more, and gets nothing more of it. */
  unfollow(
    call: Call,
    { roomId, reason }: { roomId: string; reason: string },
    eventId?: string,
  ): Promise<Outcome<null>> {
    return this.#once(call, eventId, () => {
      this.#leases.unfollow(roomId, Date.now())
      this.#alarm.arm()
      this.#show([push('room:removed', { roomId, reason })])
    })
  }

  /** Closes what ended sessions have open, here and in every room, and refuses what they would open. */
  endSessions(call: Call, ended: Ended, eventId?: string): Promise<Outcome<null>> {
    return this.#once(call, eventId, () => this.#end(ended))
  }

  /** The account is gone: nothing opens here any more, and nothing stays but that. Again, it does the same. */
  erase(call: Call): Promise<Outcome<null>> {
    return outcome(call, async () => {
      await this.#end({ sessionIds: null, before: Date.now() })
      this.ctx.storage.transactionSync(() => {
        this.#sessions.clear()
        this.#leases.clear()
      })
      this.#alarm.arm()
      return null
    })
  }

  /** The upgrade to the person's own socket. Who calls has been checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const { call, caller } = readUpgrade(request)
    return inCall(call, () => this.#open(caller))
  }

  /** Commands to rooms, each naming its own: to notifications there is nothing to say. */
  override async webSocketMessage(socket: WebSocket, raw: string | ArrayBuffer): Promise<void> {
    await inSocket(socket, (caller) => this.#conversation.hear(socket, caller, raw))
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    inSocket(socket, () => this.#look(socket))
    answerClose(socket, code)
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    inSocket(socket, () => this.#look(socket))
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang()
    await withScope(rootScope(), async () => {
      this.#leases.look(openSockets(this.ctx).length > 0, Date.now())
      await Promise.all([this.#expireSessions(), this.#tendLeases()])
      this.#alarm.arm()
      this.#count()
    })
  }

  #follow(room: RoomAddress): void {
    if (this.#leases.find(room.roomId)) return
    this.#leases.follow(room, Date.now())
    this.#alarm.arm()
    this.#show([push('room:joined', { roomId: room.roomId })])
  }

  #open(caller: SocketCaller): Response {
    // Their end may have come since the ticket was redeemed.
    if (this.#sessions.hasEnded(caller.sessionId)) return new Response(null, { status: 401 })
    if (!this.#hasSpace()) return new Response(null, { status: 429 })
    const { client, server } = acceptSocket(this.ctx, caller)
    this.#check.trust(caller.sessionId)
    sendLines(server, [push('user:ready', { userId: caller.userId })])
    // Rooms are called by the alarm: the upgrade does not wait for them.
    this.#look()
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Where all places are taken, one that has not been heard of for a while gives way. */
  #hasSpace(): boolean {
    if (openSockets(this.ctx).length < MAX_SOCKETS) return true
    const silent = findSilent(this.ctx)
    silent?.close(CLOSE.gaveWay, 'Too many sockets')
    return silent !== undefined
  }

  /** Answers on how many sockets. */
  #show(lines: readonly string[]): number {
    if (lines.length === 0) return 0
    const frame = [lines.join('\n')]
    return openSockets(this.ctx).filter((socket) => sendLines(socket, frame)).length
  }

  /** Whatever has become of the sockets; one that has just ended may still look open. */
  #look(ended?: WebSocket): void {
    const hasSocket = openSockets(this.ctx).some((socket) => socket !== ended)
    this.#leases.look(hasSocket, Date.now())
    this.#alarm.arm()
    this.#count(ended)
  }

  #count(ended?: WebSocket): void {
    this.#tally.look(ended)
    tellFigures(isolateOf(this.env), this.env, (work) => this.ctx.waitUntil(work))
  }

  /** Has the effect of an event once. What no event tells of has it each time. */
  #once(call: Call, eventId: string | undefined, work: () => void | Promise<void>): Promise<Outcome<null>> {
    return outcome(call, async () => {
      if (eventId !== undefined && this.#inbox.has(eventId)) return null
      await work()
      // Marked last: cut off before this, the next delivery does what is left.
      if (eventId !== undefined) this.#inbox.mark(eventId)
      return null
    })
  }

  async #end(ended: Ended): Promise<void> {
    const userId = this.#userId
    const rooms = this.#sessions.end(ended)
    for (const sessionId of closeSockets(this.ctx, userId, ended)) this.#check.forget(sessionId)
    this.#look()
    await inTurns(rooms, ROOMS_AT_ONCE, (objectName) =>
      this.env.CHAT_ROOM.getByName(objectName).endSessions(currentCall(), userId, ended),
    )
  }

  #expireSessions(): Promise<void> {
    return expireSessions({
      sessions: this.#sessions,
      check: this.#check,
      end: (ended) => this.#end(ended),
      log: this.#logger,
    })
  }

  #tendLeases(): Promise<void> {
    return tendLeases({
      userId: this.#userId,
      leases: this.#leases,
      rooms: this.env.CHAT_ROOM,
      database: this.env.DB,
      caller: () => newestCaller(this.ctx),
      show: (lines) => void this.#show(lines),
      spent: isolateOf(this.env).figures.spent,
      log: this.#logger,
    })
  }

  get #userId(): string {
    return this.ctx.id.name ?? ''
  }
}
