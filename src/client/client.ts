import { authCalls, notificationCalls, peopleCalls, roomCalls } from './calls.ts'
import { createHttp } from './http.ts'
import {
  type NotificationConnection,
  type NotificationListener,
  openNotificationSocket,
} from './notification-socket.ts'
import { RoomSocket } from './room-socket.ts'
import type { RoomConnection, RoomListener } from './room-types.ts'
import { Session } from './session.ts'
import type { CloseReason } from './socket-types.ts'
import type { CurrentUser, SessionMode } from './types.ts'

export interface ClientOptions {
  /** The origin of the API, such as `http://localhost:8787`. */
  baseUrl: string
  /** `cookie`: for pages of the API's own site, the refresh token stays in an HttpOnly cookie. `body`: for programs. */
  session: SessionMode
  /** A refresh token kept from an earlier run (`body`). */
  refreshToken?: string
  onRefreshToken?: (token: string | null) => void
}

export type Client = ReturnType<typeof createClient>

export function createClient({ baseUrl, session: mode, refreshToken, onRefreshToken }: ClientOptions) {
  const http = createHttp(baseUrl)
  const session = new Session({ http, mode, refreshToken, onRefreshToken })
  const rooms = roomCalls(session)
  const sockets = new Set<{ close(reason?: CloseReason): void }>()

  // Whoever is signed in next must not be told what was meant for the one before.
  session.onChange(() => {
    for (const socket of sockets) socket.close('session-ended')
    sockets.clear()
  })

  const socketAddress = async (path: string, query: Record<string, string> = {}): Promise<string> => {
    const { data } = await session.call<{ ticket: string }>('POST', '/v1/ws-tickets')
    const url = new URL(path, baseUrl)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.search = new URLSearchParams({ ticket: data.ticket, ...query }).toString()
    return url.href
  }
  const renewSession = () => session.refresh()
  const kept = <T extends { close(reason?: CloseReason): void }>(socket: T): T => {
    sockets.add(socket)
    return socket
  }

  return {
    /** Who is signed in, in memory. */
    get user(): CurrentUser | null {
      return session.user
    },
    /** Tells of every change of who is signed in, in other tabs too. */
    onUserChange: (listener: (user: CurrentUser | null) => void) => session.onChange(listener),
    /** Signs in by the refresh token of an earlier visit. Null when there is none that holds. */
    restore: async (): Promise<CurrentUser | null> => ((await session.refresh()) ? session.user : null),
    auth: authCalls(http, session),
    people: peopleCalls(session),
    rooms,
    notifications: notificationCalls(session),

    openRoom: (roomId: string, listener: RoomListener): RoomConnection =>
      kept(
        new RoomSocket(
          {
            address: (since) =>
              socketAddress(
                `/v1/chat/rooms/${encodeURIComponent(roomId)}/ws`,
                since === null ? {} : { since: String(since) },
              ),
            probe: () => rooms.get(roomId),
            renewSession,
            loadMessages: (page) => rooms.messages(roomId, page),
          },
          listener,
        ),
      ),

    openNotifications: (listener: NotificationListener): NotificationConnection =>
      kept(openNotificationSocket({ address: () => socketAddress('/v1/notifications/ws'), renewSession }, listener)),
  }
}
