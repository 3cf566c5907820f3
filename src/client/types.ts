/** The shapes on the wire: the very types of the schemas that the server validates with. */
import type { LoginBody, RegisterBody } from '../features/identity/schemas.ts'

export type { Message } from '../features/chat/message-schemas.ts'
export type { Room, RoomMember, RoomWithMembers } from '../features/chat/schemas.ts'
export type { CurrentUser, SessionView, SignedIn } from '../features/identity/schemas.ts'
export type { OwnReport, ReportMessageBody } from '../features/moderation/schemas.ts'
export type {
  Notification,
  NotificationPreferences,
  PreferencesBody as PreferenceChange,
} from '../features/notifications/schemas.ts'
export type { BlockedPerson, Person } from '../features/people/schemas.ts'

/** Where the refresh token lives: in an HttpOnly cookie, or with the program. */
export type SessionMode = RegisterBody['session']
export type Registration = Omit<RegisterBody, 'session'>
export type Credentials = Omit<LoginBody, 'session'>
