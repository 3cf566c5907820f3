import type { ChatRoom } from '../durable-objects/chat-room/index.ts'
import type { Figures } from '../durable-objects/figures/index.ts'
import type { UserSessions } from '../durable-objects/user-sessions/index.ts'
import type { UserSocket } from '../durable-objects/user-socket/index.ts'
import type { Settings } from './env.ts'
import type { Permission, Role } from './features/identity/domain/access.ts'
import type { Scope } from './features/identity/domain/scopes.ts'
import type { Tier } from './features/identity/domain/tiers.ts'
import type { Act } from './platform/audit/acts.ts'
import type { Cache } from './platform/cache/cache.ts'
import type { Clock } from './platform/clock.ts'
import type { Step } from './platform/db/commit.ts'
import type { Db, Store } from './platform/db/store.ts'
import type { ProofMethod } from './platform/errors.ts'
import type { EventType } from './platform/events.ts'
import type { Flags } from './platform/flags/flags.ts'
import type { Idempotency } from './platform/idempotency/idempotency.ts'
import type { Mailer } from './platform/mail/mailer.ts'
import type { Logger } from './platform/observability/log.ts'
import type { Meter } from './platform/observability/meter.ts'
import type { Routes } from './platform/outbox/relay.ts'
import type { Lane } from './platform/queues/lanes.ts'
import type { Remote } from './platform/remote.ts'
import type { AccessTokens } from './platform/security/access-token.ts'
import type { PassingTokens } from './platform/security/passing-token.ts'
import type { PasswordHasher } from './platform/security/password.ts'
import type { RefreshTokens } from './platform/security/refresh-token.ts'
import type { SealedBox } from './platform/security/sealed-box.ts'
import type { SocketTickets } from './platform/security/socket-ticket.ts'
import type { OutsideProvider } from './platform/sign-in/provider.ts'
import type { CatalogClient } from './services/catalog-client.ts'
import type { UsersClient } from './services/users-client.ts'

export { highestRole, PERMISSIONS, ROLE_DEFINITIONS, ROLES, reachesRole } from './features/identity/domain/access.ts'
export { STEP_UP_MS } from './features/identity/domain/session-policy.ts'
export { SYSTEM_USER_ID } from './features/identity/domain/system-user.ts'
export type { Permission, Role, Scope, Tier }

/** Who acts. Verbs decide by this, never by anything that a client wrote into a body. */
export type Actor =
  | { kind: 'anonymous' }
  /** `apiKeyId`: a program of theirs, by a key, which stands in for a session under its own id. */
  | { kind: 'user'; userId: string; sessionId: string; apiKeyId?: string | undefined }
  /** A queue handler or a cron. */
  | { kind: 'system'; name: string }

/** Where a request came from, for the audit trail and the list of sessions. */
export interface Origin {
  ip: string | null
  userAgent: string | null
  /** Town and country, as the network tells by the address. */
  place: string | null
}

/** What a session may do now. Remembered for `SESSION_MEMORY_MS` in an isolate. */
export interface SessionState {
  sessionId: string
  userId: string
  username: string
  avatar: string | null
  /** Milliseconds; a state of a revoked, expired or deactivated session does not exist. */
  expiresAt: number
  roles: string[]
  permissions: Permission[]
  tier: Tier
  isEmailVerified: boolean
  /** When this session's holder last proved who they are, in milliseconds. */
  provedAt: number
  /** A program's key instead of a session: roles and permissions are what it leaves of its owner's. */
  apiKey?: { scopes: readonly Scope[]; ownerRoles: readonly string[] }
}

/** When a session's holder last proved who they are, as the database has it, and by what they may do so anew. */
export interface ProofStanding {
  /** Milliseconds. */
  provedAt: number
  methods: ProofMethod[]
}

/** The sessions that an isolate remembers. */
export interface SessionMemory {
  get(sessionId: string): SessionState | undefined
  /**
   * `readAt` is when the read began. False where the session was forgotten since: what was read then may be no
   * longer so, and must be read again.
   */
  set(state: SessionState, readAt: number): boolean
  /** The tier of a user of whom a session was read here within `SESSION_MEMORY_MS`. */
  tierOf(userId: string): Tier | undefined
  /** A session was looked for and is none any more: for as long its tokens stand for nobody in limits. */
  noteEnded(sessionId: string): void
  isKnownEnded(sessionId: string): boolean
  forget(sessionId: string): void
  /** Takes effect at once here, and within `SESSION_MEMORY_MS` in other isolates. */
  forgetUser(userId: string): void
}

/** Things of one type, each of which may be lent to somebody: they may then do with it what its owner may. */
export interface Resource {
  /** What is missing, in the words of a refusal. */
  entity: string
  /** Whose it is; undefined where there is no such thing. */
  ownerOf: (ctx: ServiceContext, id: string) => Promise<string | undefined>
  /** What people call those of these ids, for who looks after grants; left out where their ids say enough. */
  namesOf?: (ctx: ServiceContext, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** All that can be done with one, each with the permissions of which one is enough to do it with anybody's. */
  actions: Readonly<Record<string, readonly Permission[]>>
}

/** Everything that a verb receives. Made once a request by `compose.ts`; holds no behaviour of its own. */
export interface ServiceContext {
  readonly actor: Actor
  readonly origin: Origin
  readonly requestId: string
  readonly settings: Settings
  readonly clock: Clock
  readonly newId: () => string
  readonly log: Logger
  readonly meter: Meter
  /** Identity, access, projections of chat rooms. */
  readonly core: Store
  /** Notifications. */
  readonly activity: Store
  /** Products and categories; read and written by the catalogue alone. */
  readonly catalog: Store
  /** The databases once more, for whoever reads the audit trail of each, and nothing else there. */
  readonly trails: readonly Db[]
  /** The catalogue, for everybody else. */
  readonly catalogService: CatalogClient
  /** What people may, for the catalogue and whatever else has no part in identity's database. */
  readonly usersService: UsersClient
  /** What is remembered of what was read: never what depends on who asks, but by a key that says so. */
  readonly cache: Cache
  readonly queues: Record<Lane, Queue>
  /** Who hears what, without their handlers. */
  readonly routes: Routes
  readonly room: (objectName: string) => Remote<ChatRoom>
  readonly userSocket: (userId: string) => Remote<UserSocket>
  /** How far a person's sessions have rotated. */
  readonly userSessions: (userId: string) => Remote<UserSessions>
  /** What isolates have counted; see `FigureCounter`. */
  readonly figures: (objectName: FiguresName) => Remote<Figures>
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly socketTickets: SocketTickets
  readonly passingTokens: PassingTokens
  readonly sealedBox: SealedBox
  readonly mailer: Mailer
  readonly passwords: PasswordHasher
  /** By whom people may sign in, by the ids of the settings. */
  readonly providers: ReadonlyMap<string, OutsideProvider>
  readonly sessions: SessionMemory
  /** The Workflow that erases what is kept of somebody who has given up their account. */
  readonly erasures: Erasures
  /**
   * The caller's session, read in parallel with the verb's own first read. A write waits for it: `commit`
   * and the objects' commands do so by themselves. Refuses with 401 when the session has ended.
   */
  readonly session: () => Promise<SessionState>
  /** Resolves when the caller is known to meet all that the route demands; refuses otherwise. */
  readonly authorized: () => Promise<void>
  /** Things that may be lent, by their type. Of a type that is not here nobody may do anything. */
  readonly resources: ReadonlyMap<string, Resource>
  /** What is switched on for whom, while it is rolled out. */
  readonly flags: Flags
  /** What the caller was granted to do with one thing, as the primary has it. */
  readonly grantsOn: (resource: string, resourceId: string) => Promise<readonly string[]>
  /** What a request with an `Idempotency-Key` leaves for those that repeat it. */
  readonly idempotency: Idempotency
  readonly event: <P>(type: EventType<P>, fact: { aggregateId: string; sequence: number; payload: P }) => Step
  readonly audit: (action: Act, entry: AuditFact) => Step
  /** Work that may go on after the answer. What must survive goes to the outbox instead. */
  readonly defer: (work: Promise<unknown>) => void
}

export interface Erasures {
  /** Once a user: where one is under way or done, nothing begins. */
  begin(userId: string): Promise<void>
  /** The same where one has failed for good: it goes on from the beginning. */
  resume(userId: string): Promise<void>
}

/** The objects that keep figures: the counts of isolates, and open sockets. */
export type FiguresName = `counts:${number}` | `sockets:${number}`

export interface AuditFact {
  targetType: string
  targetId: string
  /** Who acts, where that is not the caller: a sign-in acts for the user whom it makes known. */
  actorId?: string
  reason?: string
  details?: unknown
}

/** The signed-in caller. Routes refuse anonymous callers before a verb that asks this can run. */
export function requireUser(ctx: ServiceContext): { userId: string; sessionId: string } {
  if (ctx.actor.kind !== 'user') throw new Error('This verb needs a signed-in user; its route must demand one')
  return ctx.actor
}
