import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { MOST_OPEN_REPORTS } from '../../src/features/moderation/domain/report.ts'
import { reports } from '../../src/features/moderation/tables.ts'
import { notifications } from '../../src/features/notifications/tables.ts'
import { deadLetters } from '../../src/features/operations/tables.ts'
import { blocks } from '../../src/features/people/tables.ts'
import { contractedRoutes, type Route } from '../../src/http/openapi/routes.ts'
import { newId } from '../../src/platform/ids.ts'
import { ACCESS_EXAMPLES } from './access-examples.ts'
import { ACCOUNT_EXAMPLES } from './account-examples.ts'
import type { Answer, Api } from './api.ts'
import { API_KEY_EXAMPLES } from './api-key-examples.ts'
import { CATALOG_EXAMPLES } from './catalog-examples.ts'
import { CHAT_EXAMPLES, makeGroup, THUMB } from './chat-examples.ts'
import { MFA_EXAMPLES } from './mfa-examples.ts'
import { OPERATION_EXAMPLES } from './operation-examples.ts'
import { PASSKEY_EXAMPLES } from './passkey-examples.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession, type TestPerson } from './people.ts'
import { PROVIDER_EXAMPLES } from './provider-examples.ts'
import { RECOVERY_EXAMPLES } from './recovery-examples.ts'
import { REVIEW_EXAMPLES } from './review-examples.ts'
import { send } from './rooms.ts'
import { USER_EXAMPLES } from './user-examples.ts'

/** Everybody who may call, and what belongs to the owner. */
export interface World {
  api: Api
  owner: TestPerson
  friend: TestPerson
  stranger: TestPerson
  moderator: TestPerson
  admin: TestPerson
  /** The owner's, with the friend. */
  roomId: string
  /** A group of the owner's, with the friend, and its first message, which has an answer and a reaction. */
  groupId: string
  messageId: string
}

export type Who = 'anonymous' | 'stranger' | 'owner' | 'moderator' | 'admin'

export interface Example {
  path: string
  body?: unknown
  /** Another valid body, where a word more at the end of its last text would not be one. */
  other?: unknown
  headers?: Record<string, string>
}

const upgrade = { upgrade: 'websocket' }
const reason = 'because of a test'

/**
 * How each route is called rightly, by its template. Whatever a call uses up is made anew for it and belongs to the
 * owner. A route without an example fails the tests that walk them all.
 */
export const EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'POST /v1/auth/register': () => ({
    path: '/v1/auth/register',
    body: { email: `${newId()}@people.test`, password: FIXTURE_PASSWORD, firstName: 'Nell', lastName: 'Newcomer' },
  }),
  'GET /v1/auth/captcha': () => ({ path: '/v1/auth/captcha' }),
  'POST /v1/auth/login': ({ owner }) => ({
    path: '/v1/auth/login',
    body: { email: owner.email, password: FIXTURE_PASSWORD },
  }),
  'POST /v1/auth/refresh': async ({ api, owner }) => ({
    path: '/v1/auth/refresh',
    body: { refreshToken: await renewedToken(api, owner.id) },
  }),
  'POST /v1/auth/logout': ownDevice('/v1/auth/logout'),
  'POST /v1/auth/logout-others': async ({ api }) => {
    const person = await makePerson(api.isolate)
    await makeSession(api.isolate, person.id)
    return { path: '/v1/auth/logout-others', headers: { authorization: `Bearer ${person.accessToken}` } }
  },
  'POST /v1/auth/logout-all': async ({ api }) => {
    const { accessToken } = await makePerson(api.isolate)
    return { path: '/v1/auth/logout-all', headers: { authorization: `Bearer ${accessToken}` } }
  },
  'GET /v1/auth/me': at('/v1/auth/me'),
  'GET /v1/auth/sessions': at('/v1/auth/sessions'),
  'DELETE /v1/auth/sessions/:id': async ({ api, owner }) => ({
    path: `/v1/auth/sessions/${(await makeSession(api.isolate, owner.id)).sessionId}`,
  }),
  'GET /v1/people': at('/v1/people?q=person'),
  'GET /v1/people/blocked': at('/v1/people/blocked?limit=10'),
  'PUT /v1/people/:id/block': async ({ api }) => ({ path: `/v1/people/${(await makePerson(api.isolate)).id}/block` }),
  'DELETE /v1/people/:id/block': async ({ api, owner }) => {
    const { id } = await makePerson(api.isolate)
    await drizzle(env.DB).insert(blocks).values({ userId: owner.id, blockedId: id, createdAt: Date.now() })
    return { path: `/v1/people/${id}/block` }
  },
  ...MFA_EXAMPLES,
  ...RECOVERY_EXAMPLES,
  ...PASSKEY_EXAMPLES,
  ...API_KEY_EXAMPLES,
  ...PROVIDER_EXAMPLES,
  ...ACCESS_EXAMPLES,
  ...ACCOUNT_EXAMPLES,
  ...USER_EXAMPLES,
  ...CHAT_EXAMPLES,
  ...CATALOG_EXAMPLES,
  ...REVIEW_EXAMPLES,
  ...OPERATION_EXAMPLES,
  'GET /v1/notifications': at('/v1/notifications?limit=10'),
  'GET /v1/notifications/unread-count': at('/v1/notifications/unread-count'),
  'POST /v1/notifications/mark-all-read': at('/v1/notifications/mark-all-read'),
  'GET /v1/notifications/preferences': at('/v1/notifications/preferences'),
  'PATCH /v1/notifications/preferences': () => ({
    path: '/v1/notifications/preferences',
    body: { categoryPreferences: { comment: { email: false } } },
  }),
  'GET /v1/notifications/ws': () => ({ path: '/v1/notifications/ws', headers: upgrade }),
  'PATCH /v1/notifications/:id/read': async ({ owner }) => ({
    path: `/v1/notifications/${await makeNotification(owner.id)}/read`,
  }),
  'DELETE /v1/notifications/:id': async ({ owner }) => ({
    path: `/v1/notifications/${await makeNotification(owner.id)}`,
  }),
  'POST /v1/ws-tickets': at('/v1/ws-tickets'),
  'GET /v1/data': at('/v1/data'),
  'POST /v1/expensive-operation': () => ({ path: '/v1/expensive-operation', body: { days: 7 } }),
  'PATCH /v1/users/:id/tier': async ({ api }) => ({
    path: `/v1/users/${(await makePerson(api.isolate)).id}/tier`,
    body: { tier: 'basic', reason },
  }),
  'GET /v1/admin/events': at('/v1/admin/events'),
  'GET /v1/admin/dead-letters': at('/v1/admin/dead-letters?limit=10'),
  'GET /v1/admin/dead-letters/:id': async () => ({ path: `/v1/admin/dead-letters/${await makeDeadLetter()}` }),
  'POST /v1/admin/dead-letters/:id/redrive': async () => ({
    path: `/v1/admin/dead-letters/${await makeDeadLetter()}/redrive`,
    body: { reason },
  }),
  'POST /v1/admin/dead-letters/:id/discard': async () => ({
    path: `/v1/admin/dead-letters/${await makeDeadLetter()}/discard`,
    body: { reason },
  }),
  'GET /v1/admin/audit': at('/v1/admin/audit?limit=10'),
  'GET /v1/admin/figures': at('/v1/admin/figures?minutes=60'),
  'GET /v1/admin/limits': at('/v1/admin/limits'),
  'GET /v1/admin/users': at('/v1/admin/users?limit=10'),
  'GET /v1/admin/users/:id': ({ owner }) => ({ path: `/v1/admin/users/${owner.id}` }),
  'GET /v1/admin/reports': at('/v1/admin/reports?limit=10'),
  'GET /v1/admin/reports/:id': async (world) => ({ path: `/v1/admin/reports/${await makeReport(world)}` }),
  'POST /v1/admin/reports/:id/decide': async (world) => ({
    path: `/v1/admin/reports/${await makeReport(world)}/decide`,
    body: { decision: 'delete_message', reason },
  }),
  'GET /health': at('/health'),
  'GET /health/ready': at('/health/ready'),
  'GET /health/readiness': at('/health/readiness'),
  'GET /health/live': at('/health/live'),
  'GET /health/liveness': at('/health/liveness'),
  'GET /version': at('/version'),
  'GET /.well-known/jwks.json': at('/.well-known/jwks.json'),
  'GET /openapi/v1.json': at('/openapi/v1.json'),
  'GET /openapi/v2.json': at('/openapi/v2.json'),
}

export async function makeWorld(api: Api): Promise<World> {
  const [owner, friend, stranger, moderator, admin] = await Promise.all([
    makePerson(api.isolate),
    makePerson(api.isolate),
    makePerson(api.isolate),
    makePerson(api.isolate, { role: 'moderator' }),
    makePerson(api.isolate, { role: 'admin' }),
  ])
  const { body } = await api.as(owner).post<{ id: string }>('/v1/chat/rooms/private', { userId: friend.id })
  const roomId = body.data.id
  await send(api, owner, roomId, 'the first')
  const groupId = await makeGroup(api, owner, { memberIds: [friend.id] })
  const messageId = (await send(api, owner, groupId, 'the first')).body.data.id
  await api.as(friend).post(`/v1/chat/rooms/${groupId}/messages`, { content: 'the second', replyTo: messageId })
  await api.as(friend).request('PUT', `/v1/chat/rooms/${groupId}/messages/${messageId}/reactions/${THUMB}`)
  return { api, owner, friend, stranger, moderator, admin, roomId, groupId, messageId }
}

/** All routes, each as `METHOD /template`. */
export function routesOf(api: Api): (Route & { name: string })[] {
  return contractedRoutes(api.app).map((route) => ({ ...route, name: `${route.method} ${route.path}` }))
}

export async function exampleOf(name: string, world: World): Promise<Example> {
  const make = EXAMPLES[name]
  if (!make) throw new Error(`${name} has no example in test/support/examples.ts`)
  return make(world)
}

/** Calls as somebody; an example's own headers win. */
export function callAs(
  { api, ...people }: World,
  who: Who,
  method: string,
  { path, body, headers = {} }: Example,
): Promise<Answer> {
  const caller = who === 'anonymous' ? api : api.as(people[who])
  return caller.request(method, path, { ...(body === undefined ? {} : { body }), headers })
}

function at(path: string): () => Example {
  return () => ({ path })
}

/** On a device of its own, which it may sign out. */
/** Of a session that was renewed before, as nearly all are. */
async function renewedToken(api: Api, userId: string): Promise<string> {
  const { refreshToken } = await makeSession(api.isolate, userId)
  const { body } = await api.post<{ refreshToken: string }>('/v1/auth/refresh', { refreshToken })
  return body.data.refreshToken
}

function ownDevice(path: string): (world: World) => Promise<Example> {
  return async ({ api, owner }) => {
    const { accessToken } = await makeSession(api.isolate, owner.id)
    return { path, headers: { authorization: `Bearer ${accessToken}` } }
  }
}

async function makeNotification(userId: string): Promise<string> {
  const id = newId()
  const at = Date.now()
  await drizzle(env.ACTIVITY_DB)
    .insert(notifications)
    .values({
      ...{ id, userId, title: 'News', message: 'Something', category: 'system', channels: ['in-app'] },
      ...{ createdAt: at, updatedAt: at },
    })
  return id
}

/** The first of as many open reports of one message as there may be. */
async function makeReport({ api, friend, roomId }: World): Promise<string> {
  const { id: messageId, content } = (await send(api, friend, roomId, 'buy now')).body.data
  const evidence = { roomId, messageId, content, authorId: friend.id, authorName: friend.username, sentAt: Date.now() }
  const rows = Array.from({ length: MOST_OPEN_REPORTS }, () => ({
    ...evidence,
    ...{ id: newId(), reporterId: newId(), category: 'spam' as const, createdAt: Date.now() },
  }))
  const db = drizzle(env.DB)
  const [first, ...others] = rows.map((row) => db.insert(reports).values(row))
  if (first) await db.batch([first, ...others])
  return rows[0]?.id ?? ''
}

/** A message that its subscriber will find done: nothing hears it twice. */
export async function makeDeadLetter(): Promise<string> {
  const [id, eventId] = [newId(), newId()]
  const payload = { userId: newId(), sessionIds: [], before: Date.now(), reason: 'test' }
  const event = {
    ...{ id: eventId, type: 'sessions.revoked', version: 1, aggregateType: 'user_sessions', aggregateId: newId() },
    ...{
      sequence: 1,
      occurredAt: new Date().toISOString(),
      correlationId: 'test-correlation',
      traceparent: '',
      payload,
    },
  }
  const body = { subscriber: 'identity.close-sockets', event }
  const seen = { attempts: 5, lastError: 'Error: the object was down', firstSeenAt: Date.now(), lastSeenAt: Date.now() }
  await drizzle(env.DB)
    .insert(deadLetters)
    .values({
      id,
      subject: `${body.subscriber} ${eventId}`,
      lane: 'critical',
      subscriber: body.subscriber,
      eventId,
      eventType: event.type,
      body,
      ...seen,
    })
  return id
}
