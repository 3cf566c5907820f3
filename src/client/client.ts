import type { CurrentUser } from './api-types.ts'
import { createCall, type ProveAgain } from './call.ts'
import { accountCalls, authCalls } from './calls/auth.ts'
import { mfaCalls } from './calls/mfa.ts'
import { apiKeyCalls, passkeyCalls } from './calls/passkeys.ts'
import { providerCalls } from './calls/providers.ts'
import { recoveryCalls } from './calls/recovery.ts'
import { workCalls } from './calls/work.ts'
import { cookieMarker } from './cookie-marker.ts'
import { createHttp, type Http } from './http.ts'
import { createKeyClient, type KeyClient, type KeyClientOptions } from './key-client.ts'
import { personTabs } from './person-tabs.ts'
import { Session, type SessionMode } from './session.ts'
import { RoomSocket } from './sockets/room-socket.ts'
import type { RoomConnection, RoomListener } from './sockets/room-types.ts'
import type { CloseReason } from './sockets/socket-types.ts'
import { openUserSocket, type UserConnection, type UserListener } from './sockets/user-socket.ts'
import type { Tabs } from './tabs.ts'

export interface ClientOptions {
  /** The origin of the API, such as `http://localhost:8787`. */
  baseUrl: string
  /** `cookie`: for pages of the API's own site, the refresh token stays in an HttpOnly cookie. `body`: for programs. */
  session: SessionMode
  /** A refresh token kept from an earlier run (`body`). */
  refreshToken?: string
  /** Called with each new refresh token of a `body` session, and with null when it ends. */
  onRefreshToken?: (token: string | null) => void
  /**
   * Asked when a call is refused with `STEP_UP_REQUIRED`: has the person show anew who they are (`auth.stepUp`), and
   * answers whether they did. Then the call is made again.
   */
  onStepUp?: ProveAgain
}

export type Client = ReturnType<typeof createSessionClient>

type Socket = { close(reason?: CloseReason): void }

/** For a person, who signs in; or for a program that holds an API key, which makes calls and nothing else. */
export function createClient(options: ClientOptions): Client
export function createClient(options: KeyClientOptions): KeyClient
export function createClient(options: ClientOptions | KeyClientOptions): Client | KeyClient {
  const http = createHttp(options.baseUrl)
  return 'apiKey' in options ? createKeyClient(http, options.apiKey) : createSessionClient(http, options)
}

function createSessionClient(
  http: Http,
  { baseUrl, session: mode, refreshToken, onRefreshToken, onStepUp }: ClientOptions,
) {
  const session = new Session({
    http,
    mode,
    marker: cookieMarker(baseUrl),
    refreshToken,
    onRefreshToken,
  })
  const call = createCall(() => session.begin(), onStepUp)
  /** In nobody's name. */
  const open = createCall(() => http)
  const work = workCalls(call)
  const sockets = new Set<Socket>()
  const tabs = personTabs(mode, () => session.user?.id)

  const closeSockets = (reason: CloseReason) => {
    for (const socket of sockets) socket.close(reason)
    sockets.clear()
  }
  // Whoever is signed in next must not be told what was meant for the one before.
  session.onChange(() => closeSockets('session-ended'))

  const socketAddress = async (path: string, query: Record<string, string> = {}): Promise<string> => {
    const { data } = await call('POST', '/v1/ws-tickets')
    const url = new URL(path, baseUrl)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.search = new URLSearchParams({ ticket: data.ticket, ...query }).toString()
    return url.href
  }
  const renewSession = () => session.refresh()
  const kept = <T extends Socket>(open: (onClosed: () => void) => T): T => {
    const socket: T = open(() => sockets.delete(socket))
    sockets.add(socket)
    return socket
  }

  return {
    /** Who is signed in, in memory. */
    get user(): CurrentUser | null {
      return session.user
    },
    /** Tells of every change of who is signed in, in other tabs too. Answers the way to stop. */
    onUserChange: (listener: (user: CurrentUser | null) => void) => session.onChange(listener),
    /** Signs in by the refresh token of an earlier visit. Null when there is none that holds. */
    restore: async (): Promise<CurrentUser | null> => ((await session.refresh()) ? session.user : null),
    /** What the tabs of the signed-in person tell each other; nothing, where there are none. */
    tabs: { tell: tabs.tell, listen: tabs.listen } satisfies Tabs,
    /** Every operation of the API; the calls below are thin over it. */
    call,
    auth: authCalls(open, call, session),
    passkeys: passkeyCalls(open, call, session),
    apiKeys: apiKeyCalls(call),
    providers: providerCalls(open, call, session),
    mfa: mfaCalls(call),
    account: accountCalls(call),
    recovery: recoveryCalls(open, call),
    ...work,

    openRoom: (roomId: string, listener: RoomListener): RoomConnection =>
      kept((onClosed) => {
        const path = `/v1/chat/rooms/${encodeURIComponent(roomId)}/ws`
        const wiring = {
          address: (since: number | null, isReading: boolean) =>
            socketAddress(path, {
              ...(since === null ? {} : { since: String(since) }),
              ...(isReading ? {} : { reading: 'false' }),
            }),
          probe: () => work.rooms.get(roomId),
          renewSession,
          loadNewest: () => work.messages.list(roomId),
          onClosed,
        }
        return new RoomSocket(wiring, listener)
      }),
    /** The person's own: what happens in all of their rooms, and their notifications. */
    openUserSocket: (listener: UserListener): UserConnection =>
      kept((onClosed) =>
        openUserSocket({ address: () => socketAddress('/v1/notifications/ws'), renewSession, onClosed }, listener),
      ),
    /** Closes all connections. Nothing of the client keeps a program alive after that. */
    close: (): void => {
      closeSockets('asked')
      session.close()
      tabs.close()
    },
  }
}
