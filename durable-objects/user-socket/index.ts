import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import { REFRESH_TOKEN_MS } from '../../src/features/identity/domain/session-policy.ts'
import type { Notification } from '../../src/features/notifications/schemas.ts'
import { type Call, currentCall } from '../../src/platform/call.ts'
import { HOUR_MS } from '../../src/platform/clock.ts'
import { unauthenticated } from '../../src/platform/errors.ts'
import { readUpgrade } from '../../src/platform/realtime/upgrade.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { push } from '../shared/frames.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { acceptSocket, closeSockets } from '../shared/sockets.ts'
import { sendLines } from '../shared/tick.ts'
import { MIGRATIONS } from './schema.ts'

const PRUNE_EVERY_MS = HOUR_MS

/** What opening a socket of this user asks for. */
export interface Admission {
  sessionId: string
  /** Absent where a bearer token stood in the header. */
  ticket?: { id: string; expiresAt: number }
  /** The room's object where the socket is a room's. */
  objectName?: string
}

/** One person: their notification sockets, their redeemed tickets, and where else they have sockets open. */
export class UserSocket extends DurableObject<Env> {
  readonly #sql: MeteredSql

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#sql = new MeteredSql(state.storage.sql)
    state.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Redeems a ticket, once, and remembers the room in the same call: its socket can be closed from here. */
  admit(call: Call, { sessionId, ticket, objectName }: Admission): Promise<Outcome<null>> {
    return outcome(call, this.#sql, async () => {
      if (ticket) {
        const used = this.#sql.first('select 1 from tickets where id = ?', ticket.id)
        if (used) throw unauthenticated('the ticket was redeemed before')
        this.#sql.all('insert into tickets values (?, ?)', ticket.id, ticket.expiresAt)
      }
      if (objectName !== undefined) {
        const until = Date.now() + REFRESH_TOKEN_MS
        this.#sql.all('insert or replace into watches values (?, ?, ?)', objectName, sessionId, until)
      }
      if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + PRUNE_EVERY_MS)
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

  /** Closes what ended sessions have open, here and in every room; null for all of the user's. */
  endSessions(call: Call, { sessionIds }: { sessionIds: string[] | null }): Promise<Outcome<null>> {
    return outcome(call, this.#sql, async () => {
      const userId = this.ctx.id.name ?? ''
      closeSockets(this.ctx, userId, sessionIds)
      const chosen = sessionIds === null ? '' : 'where session_id in (select value from json_each(?))'
      const values = sessionIds === null ? [] : [JSON.stringify(sessionIds)]
      const watched = this.#sql.all<{ object_name: string }>(
        `select distinct object_name from watches ${chosen}`,
        ...values,
      )
      await Promise.all(
        watched.map(({ object_name }) =>
          this.env.CHAT_ROOM.getByName(object_name).endSessions(currentCall(), userId, sessionIds),
        ),
      )
      // Kept for a while: the event that repeats this also finds a socket that was opening meanwhile.
      this.#sql.all(`update watches set until = ? ${chosen}`, Date.now() + PRUNE_EVERY_MS, ...values)
      return null
    })
  }

  /** The upgrade to the notification socket. Who calls has been checked by the Worker. */
  override async fetch(request: Request): Promise<Response> {
    const { caller } = readUpgrade(request)
    const { client, server } = acceptSocket(this.ctx, caller)
    sendLines(server, [push('user:ready', { userId: caller.userId })])
    return new Response(null, { status: 101, webSocket: client })
  }

  /** This socket only tells: what a client says on it is answered, and changes nothing. */
  override async webSocketMessage(socket: WebSocket): Promise<void> {
    sendLines(socket, [push('error', { code: 'METHOD_NOT_ALLOWED', message: 'This socket takes no events' })])
  }

  override async alarm(): Promise<void> {
    const now = Date.now()
    this.#sql.all('delete from tickets where expires_at < ?', now)
    this.#sql.all('delete from watches where until < ?', now)
    const left = this.#sql.first('select 1 from tickets union all select 1 from watches limit 1')
    if (left) await this.ctx.storage.setAlarm(now + PRUNE_EVERY_MS)
  }
}
