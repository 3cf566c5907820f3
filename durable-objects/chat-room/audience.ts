import type { Env } from '../../src/env.ts'
import { isLargeRoom, MAX_SOCKETS } from '../../src/features/chat/domain/room-rules.ts'
import type { RoomPresence } from '../../src/features/chat/schemas.ts'
import { currentCall } from '../../src/platform/call.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { unwrap } from '../../src/platform/result.ts'
import { CLOSE, push } from '../shared/frames.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import { findSilent, isReader, openSockets, presentUserIds, readerIds, userIdOf } from '../shared/sockets.ts'
import { sendLines } from '../shared/tick.ts'
import { Arrivals } from './arrivals.ts'
import type { Departure } from './commands/effect.ts'
import { CrowdCount } from './crowd-count.ts'
import type { RoomParts } from './parts.ts'
import { onlineLine, Presence } from './presence.ts'
import { Subscribers } from './subscribers.ts'
import { Typing } from './typing.ts'

const MAX_SOCKETS_OF_ONE = 20

export interface AudiencePorts {
  users: Env['USER_SOCKET']
  log: Logger
  /** Somebody has gone and nobody has said so: their grace may now be what is due first. */
  onChange: () => void
}

/** Everybody who listens to a room: its sockets, and people's own objects that have subscribed. */
export class Audience {
  readonly #state: DurableObjectState
  readonly #parts: RoomParts
  readonly #presence: Presence
  readonly #subscribers: Subscribers
  readonly #typing: Typing
  readonly #crowd: CrowdCount
  readonly #arrivals: Arrivals
  /** No more sockets than this are open; undefined before they were counted. */
  #mostSockets: number | undefined

  constructor(state: DurableObjectState, sql: MeteredSql, parts: RoomParts, { users, log, onChange }: AudiencePorts) {
    this.#state = state
    this.#parts = parts
    this.#presence = new Presence(sql)
    this.#arrivals = new Arrivals(() => this.tell([], new Map()))
    this.#subscribers = new Subscribers(sql, {
      roomId: () => parts.room.get().id,
      callUser: async (userId, lines) => {
        const relayed = { roomId: parts.room.get().id, lines }
        return unwrap(await users.getByName(userId).relay(currentCall(), relayed))
      },
      clock: systemClock,
      log,
      onEnded: (userIds) => {
        for (const userId of userIds) this.depart(userId)
        onChange()
      },
    })
    this.#typing = new Typing(
      () => parts.room.get().id,
      (line, exceptUserId) => this.#tellSockets(line, exceptUserId),
    )
    this.#crowd = new CrowdCount({
      countNow: () => this.#hereNow().size,
      countToTell: () => this.presence().count,
      tell: (count) => this.#tellSockets(push('room:presence', { roomId: parts.room.get().id, count })),
    })
  }

  /** The answer to an upgrade where no socket more is taken; undefined where there is room. */
  fullFor(userId: string): Response | undefined {
    if (openSockets(this.#state, userId).length >= MAX_SOCKETS_OF_ONE && !this.#giveWay(userId)) {
      return new Response(`You have ${MAX_SOCKETS_OF_ONE} sockets of this room open`, { status: 429 })
    }
    if (this.#hasPlace() || this.#giveWay()) return undefined
    return new Response(`The room has ${MAX_SOCKETS} sockets open. Use its routes, or try again later`, { status: 503 })
  }

  /** To count is to go over all of them: until there may be too many, those who have come since are added. */
  #hasPlace(): boolean {
    if (this.#mostSockets === undefined || this.#mostSockets >= MAX_SOCKETS) {
      this.#mostSockets = this.#state.getWebSockets().length
    }
    return this.#mostSockets < MAX_SOCKETS
  }

  /** One that has not been heard of for a while gives up its place. False where there is none. */
  #giveWay(userId?: string): boolean {
    const silent = findSilent(this.#state, userId)
    silent?.close(CLOSE.gaveWay, 'Too many sockets')
    return silent !== undefined
  }

  /** Sends each socket one frame: who has come meanwhile, its own acknowledgements, and what everybody is told. */
  tell(lines: readonly string[], acks: Map<WebSocket, string[]>): void {
    const news = this.#arrivals.take()
    const shared = lines.length === 0 ? [] : [lines.join('\n')]
    const isForAll = news.lines.length > 0 || lines.length > 0
    for (const socket of isForAll ? this.#state.getWebSockets() : acks.keys()) {
      const come = news.lines.length === 0 ? [] : news.linesFor(socket, userIdOf(this.#state, socket))
      sendLines(socket, [...come, ...(acks.get(socket) ?? []), ...shared])
    }
    this.#subscribers.tell([...news.lines, ...lines], this.#parts.log.lastSeq)
  }

  /** A member has opened a socket, which is about to be greeted. */
  enter({ userId, username }: SocketCaller, socket: WebSocket): void {
    if (this.#mostSockets !== undefined) this.#mostSockets += 1
    this.#arrive(userId, username)
    this.#arrivals.greet(socket)
  }

  #arrive(userId: string, username: string): void {
    if (this.#isLarge) this.#crowd.tellSoon()
    else if (this.#presence.arrive(userId)) this.#tellOnline(userId, username)
  }

  /** A socket has closed. */
  depart(userId: string, closing?: WebSocket): void {
    if (this.#isLarge) this.#crowd.tellSoon()
    else if (!this.#isHere(userId, closing)) this.#presence.depart(userId, Date.now())
    if (this.#state.getWebSockets(userId).every((socket) => socket === closing)) this.#typing.stop(userId)
  }

  subscribe(userId: string, username: string, until: number): void {
    this.#subscribers.subscribe({ userId, username, until })
    this.#arrive(userId, username)
  }

  unsubscribe(userId: string): void {
    this.#subscribers.unsubscribe(userId)
    this.depart(userId)
  }

  /** Somebody is no member any more: nothing reaches them from here on. Their own objects are told why. */
  dismiss(userId: string, reason: Departure): void {
    this.#typing.forget(userId)
    this.#subscribers.drop(userId)
    for (const socket of this.#state.getWebSockets(userId)) {
      if (reason === 'left') socket.close(CLOSE.left, 'You have left the room')
      else socket.close(CLOSE.removed, 'You were removed from the room')
    }
    this.#presence.remove(userId)
  }

  /** In a crowd nobody is told who writes. */
  type(userId: string, username: string, isTyping: boolean): void {
    if (this.#isLarge) return
    if (isTyping) this.#typing.start(userId, username)
    else this.#typing.stop(userId)
  }

  /** Their message says that they have stopped. */
  hasSent(userIds: Iterable<string>): void {
    for (const userId of userIds) this.#typing.forget(userId)
  }

  presence(): RoomPresence {
    if (this.#isLarge) return { count: this.#crowd.count(), userIds: null }
    const userIds = this.#presence.userIds()
    return { count: userIds.length, userIds }
  }

  /** People with the room before them. In a crowd, ask for single ones. */
  readerIds(): ReadonlySet<string> {
    return readerIds(this.#state)
  }

  isReader(userId: string): boolean {
    return isReader(this.#state, userId)
  }

  nextGraceEnd(): number | undefined {
    return this.#presence.nextEnd()
  }

  /**
   * Looks who went without a word, as a new instance does for the sockets of the last one. True where somebody has: set
   * the alarm for the end of their grace.
   */
  noticeGone(now: number): boolean {
    return (
      this.#parts.room.find() !== undefined && !this.#isLarge && this.#presence.noticeGone(() => this.#hereNow(), now)
    )
  }

  /** Tells who has been away for the grace, and notices who went, or came back, without a word. */
  settlePresence(now: number): void {
    const room = this.#parts.room.find()
    if (!room) return
    if (this.#isLarge) {
      this.#presence.clear()
      return
    }
    const hereNow = this.#hereNow()
    this.#presence.noticeGone(() => hereNow, now)
    for (const userId of this.#presence.noticeBack(hereNow)) this.#tellOnline(userId, this.#nameOf(userId))
    // Many go at once where an object was torn down: one frame tells of them all. None of them has a socket.
    const lines = this.#presence.takeAway(now).map((userId) => {
      return onlineLine('user:offline', userId, this.#nameOf(userId), room.id)
    })
    if (lines.length > 0) this.tell(lines, new Map())
  }

  tellReads(reads: readonly { userId: string; seq: number }[]): void {
    if (reads.length === 0 || this.#isLarge) return
    this.#tellSockets(push('room:read', { roomId: this.#parts.room.get().id, reads }))
  }

  /** Somebody has come to read, or said that they have: their other devices count it as read, too. */
  tellReader(userId: string, seq: number): void {
    const { id: roomId } = this.#parts.room.get()
    this.#subscribers.tellOne(userId, push('room:read', { roomId, reads: [{ userId, seq }] }))
  }

  get #isLarge(): boolean {
    return isLargeRoom(this.#parts.room.find()?.member_count ?? 0)
  }

  #tellOnline(userId: string, username: string): void {
    this.#arrivals.add(userId, onlineLine('user:online', userId, username, this.#parts.room.get().id))
  }

  #nameOf(userId: string): string {
    return this.#parts.members.findRow(userId)?.username ?? ''
  }

  #tellSockets(line: string, exceptUserId?: string): void {
    // Whoever does something has come before that.
    if (!this.#arrivals.isEmpty) this.tell([], new Map())
    for (const socket of this.#state.getWebSockets()) {
      if (exceptUserId === undefined || userIdOf(this.#state, socket) !== exceptUserId) sendLines(socket, [line])
    }
  }

  #hereNow(): Set<string> {
    return new Set([...presentUserIds(this.#state), ...this.#subscribers.userIds()])
  }

  #isHere(userId: string, closing: WebSocket | undefined): boolean {
    const sockets = this.#state.getWebSockets(userId).filter((socket) => socket !== closing)
    return sockets.some(({ readyState }) => readyState === WebSocket.OPEN) || this.#subscribers.has(userId)
  }
}
