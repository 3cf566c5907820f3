import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import type { Notification } from '../../src/features/notifications/schemas.ts'
import { isolateOf } from '../../src/isolate.ts'
import { type Call, currentCall, inCall } from '../../src/platform/call.ts'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { rootScope, withScope } from '../../src/platform/observability/scope.ts'
import { readUpgrade } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import type { Ended } from '../shared/ended.ts'
import { push } from '../shared/frames.ts'
import { ObjectInbox } from '../shared/inbox.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { SessionCheck } from '../shared/session-check.ts'
import { acceptSocket, closeSockets, inSocket } from '../shared/sockets.ts'
import { sendLines } from '../shared/tick.ts'
import { MIGRATIONS } from './schema.ts'
import { type Admission, SocketSessions } from './sessions.ts'

const LOOK_AGAIN_MS = MINUTE_MS

/** One person: their notification sockets, their redeemed tickets, and where else they have sockets open. */
export class UserSocket extends DurableObject<Env> {
  readonly #sql: MeteredSql
  readonly #sessions: SocketSessions
  readonly #check: SessionCheck
  readonly #inbox: ObjectInbox

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#sql = new MeteredSql(state.storage.sql)
    this.#sessions = new SocketSessions(this.#sql)
    this.#inbox = new ObjectInbox(this.#sql)
    this.#check = new SessionCheck(env.DB, isolateOf(env).log)
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Redeems a ticket, once, and remembers the room in the same call: its socket can be closed from here. */
  admit(call: Call, admission: Admission): Promise<Outcome<null>> {
    return outcome(call, this.#sql, async () => {
      this.ctx.storage.transactionSync(() => this.#sessions.admit(admission))
      await this.#arm()
      return null
    })
  }

  /** Shows a notification on every socket that is open; answers on how many. */
  notify(call: Call, notification: Notification): Promise<Outcome<number>> {
    return outcome(call, this.#sql, () => {
      const line = push('notification:new', notification)
      return this.ctx.getWebSockets().filter((socket) => sendLines(socket, [line])).length
    })
  }

  /** Closes what ended sessions have open, here and in every room, and refuses what they would open. */
  endSessions(call: Call, ended: Ended, eventId?: string): Promise<Outcome<null>> {
    return outcome(call, this.#sql, async () => {
      if (eventId !== undefined && this.#inbox.has(eventId)) return null
      await this.#end(ended)
      // Marked last: cut off before this, the next delivery closes what is still open.
      if (eventId !== undefined) this.#inbox.mark(eventId)
      return null
    })
  }

  /** The upgrade to the notification socket. Who calls has been checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const { call, caller } = readUpgrade(request)
    const { client, server } = inCall(call, () => acceptSocket(this.ctx, caller))
    sendLines(server, [push('user:ready', { userId: caller.userId })])
    return new Response(null, { status: 101, webSocket: client })
  }

  /** This socket only tells: what a client says on it is answered, and changes nothing. */
  override async webSocketMessage(socket: WebSocket): Promise<void> {
    inSocket(socket, () =>
      sendLines(socket, [push('error', { code: 'METHOD_NOT_ALLOWED', message: 'This socket takes no events' })]),
    )
  }

  /** A session that has sockets would expire about now: either it was renewed, or they close. */
  override async alarm(): Promise<void> {
    await withScope(rootScope(), async () => {
      const now = Date.now()
      for (const sessionId of this.#sessions.due(now)) {
        const expiresAt = await this.#check.expiryOf(sessionId)
        if (expiresAt === 'unknown') this.#sessions.renew(sessionId, now + LOOK_AGAIN_MS)
        else if (expiresAt !== undefined) this.#sessions.renew(sessionId, expiresAt)
        else {
          await this.#end({ sessionIds: [sessionId], before: now })
          this.#sessions.forget(sessionId)
        }
      }
      await this.#arm()
    })
  }

  async #end(ended: Ended): Promise<void> {
    const userId = this.ctx.id.name ?? ''
    const rooms = this.#sessions.end(ended)
    closeSockets(this.ctx, userId, ended)
    await Promise.all(
      rooms.map((objectName) => this.env.CHAT_ROOM.getByName(objectName).endSessions(currentCall(), userId, ended)),
    )
    await this.#arm()
  }

  async #arm(): Promise<void> {
    const at = this.#sessions.nextLook()
    if (at !== undefined) await this.ctx.storage.setAlarm(Math.max(at, Date.now()))
  }
}
