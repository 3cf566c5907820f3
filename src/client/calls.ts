import { ApiError } from './api-error.ts'
import type { Answer, Http } from './http.ts'
import type { Session } from './session.ts'
import type {
  BlockedPerson,
  Credentials,
  CurrentUser,
  Message,
  Notification,
  NotificationPreferences,
  OwnReport,
  Person,
  PreferenceChange,
  Registration,
  ReportMessageBody,
  Room,
  RoomWithMembers,
  SessionView,
  SignedIn,
} from './types.ts'

export interface PageRequest {
  cursor?: string | null
  /** At most 100; the server's default is 20. */
  limit?: number
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export interface NewMessage {
  content: string
  /** Sending the same one again gives the same message. */
  clientMessageId?: string
}

const pageOf = <T>({ data, meta }: Answer<T[]>): Page<T> => ({ items: data, nextCursor: meta.nextCursor ?? null })

export function authCalls(http: Http, session: Session) {
  const enter = async (path: string, input: Registration | Credentials): Promise<CurrentUser> => {
    const { data } = await http<SignedIn>('POST', path, { body: { ...input, session: session.mode } })
    session.adopt(data)
    return data.user
  }
  const leave = async (path: string): Promise<void> => {
    try {
      await session.call('POST', path)
    } catch (error) {
      // A session that is over already is what was asked for.
      if (!(error instanceof ApiError && error.status === 401)) throw error
    }
    session.end()
  }
  return {
    register: (input: Registration) => enter('/v1/auth/register', input),
    login: (input: Credentials) => enter('/v1/auth/login', input),
    logout: () => leave('/v1/auth/logout'),
    logoutEverywhere: () => leave('/v1/auth/logout-all'),
    me: async () => (await session.call<CurrentUser>('GET', '/v1/auth/me')).data,
    sessions: async () => (await session.call<SessionView[]>('GET', '/v1/auth/sessions')).data,
    endSession: async (id: string): Promise<void> => {
      await session.call('DELETE', `/v1/auth/sessions/${encodeURIComponent(id)}`)
    },
  }
}

const blockPath = (id: string) => `/v1/people/${encodeURIComponent(id)}/block`

export function peopleCalls(session: Session) {
  return {
    /** People whose username or name starts with `q`; three characters or more. */
    search: async (q: string, signal?: AbortSignal) =>
      (await session.call<Person[]>('GET', '/v1/people', { query: { q }, ...(signal ? { signal } : {}) })).data,
    /** Whom one has blocked: what they say in groups still comes, and is the page's to hide. */
    blocked: async (page: PageRequest = {}) =>
      pageOf(await session.call<BlockedPerson[]>('GET', '/v1/people/blocked', { query: { ...page } })),
    block: async (id: string): Promise<void> => {
      await session.call('PUT', blockPath(id))
    },
    unblock: async (id: string): Promise<void> => {
      await session.call('DELETE', blockPath(id))
    },
  }
}

const roomPath = (id: string) => `/v1/chat/rooms/${encodeURIComponent(id)}`

export function roomCalls(session: Session) {
  return {
    list: async (page: PageRequest = {}) =>
      pageOf(await session.call<Room[]>('GET', '/v1/chat/rooms', { query: { ...page } })),
    get: async (id: string) => (await session.call<RoomWithMembers>('GET', roomPath(id))).data,
    createGroup: async (name: string, memberIds: string[]) =>
      (await session.call<Room>('POST', '/v1/chat/rooms', { body: { name, type: 'group', memberIds } })).data,
    /** The room of two: made when there is none. */
    openPrivate: async (userId: string) =>
      (await session.call<Room>('POST', '/v1/chat/rooms/private', { body: { userId } })).data,
    /** One page, oldest first; `nextCursor` leads to older ones. */
    messages: async (id: string, page: PageRequest = {}) =>
      pageOf(await session.call<Message[]>('GET', `${roomPath(id)}/messages`, { query: { ...page } })),
    post: async (id: string, message: NewMessage) =>
      (await session.call<Message>('POST', `${roomPath(id)}/messages`, { body: message })).data,
    /** Before the moderators; a second report of one message is the first one. */
    report: async (id: string, messageId: string, report: ReportMessageBody) =>
      (
        await session.call<OwnReport>('POST', `${roomPath(id)}/messages/${encodeURIComponent(messageId)}/reports`, {
          body: report,
        })
      ).data,
  }
}

const notificationPath = (id: string) => `/v1/notifications/${encodeURIComponent(id)}`

const preferencesPath = '/v1/notifications/preferences'

export function notificationCalls(session: Session) {
  return {
    list: async (page: PageRequest & { unreadOnly?: boolean } = {}) =>
      pageOf(await session.call<Notification[]>('GET', '/v1/notifications', { query: { ...page } })),
    unreadCount: async () =>
      (await session.call<{ count: number }>('GET', '/v1/notifications/unread-count')).data.count,
    markRead: async (id: string): Promise<void> => {
      await session.call('PATCH', `${notificationPath(id)}/read`)
    },
    markAllRead: async (): Promise<void> => {
      await session.call('POST', '/v1/notifications/mark-all-read')
    },
    remove: async (id: string): Promise<void> => {
      await session.call('DELETE', notificationPath(id))
    },
    preferences: async () => (await session.call<NotificationPreferences>('GET', preferencesPath)).data,
    /** What is not named stays as it is, within a category too. */
    changePreferences: async (change: PreferenceChange) =>
      (await session.call<NotificationPreferences>('PATCH', preferencesPath, { body: change })).data,
  }
}
