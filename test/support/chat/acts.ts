import type { Message, ReadPosition } from '../../../src/features/chat/message-schemas.ts'
import type { RoomRole } from '../../../src/features/chat/schemas.ts'
import type { Answer, Caller } from '../api.ts'
import type { Line } from '../sockets.ts'

interface ActData {
  'message:send': { content: string; clientMessageId?: string; replyTo?: string }
  'message:edit': { messageId: string; content: string }
  'message:delete': { messageId: string }
  'message:pin': { messageId: string }
  'message:unpin': { messageId: string }
  'message:read': { seq: number }
  'reaction:add': { messageId: string; emoji: string }
  'reaction:remove': { messageId: string; emoji: string }
  'room:join': Record<never, never>
  'room:leave': Record<never, never>
  'member:add': { userId: string }
  'member:remove': { userId: string }
  'member:ban': { userId: string }
  'member:unban': { userId: string }
  'member:role': { userId: string; role: RoomRole }
}
export type ActName = keyof ActData

/** What somebody does in a room: the data of a frame, and what the route of the same meaning is given. */
export type Act = { [N in ActName]: { event: N; data: ActData[N] } }[ActName]

/** What whoever did it knows then. Nothing, where the connection ended first. */
export type Told =
  | { result: 'done'; message?: Message; position?: ReadPosition }
  | { result: 'refused'; code: string }
  | { result: 'unknown' }

/** Only routes say these. */
export const BY_ROUTE_ONLY: ReadonlySet<ActName> = new Set<ActName>(['member:add', 'room:join'])
/** Those after which somebody belongs to the room who did not before, or the other way round, or as something else. */
export const MEMBERSHIP: ReadonlySet<ActName> = new Set<ActName>([
  'room:join',
  'room:leave',
  'member:add',
  'member:remove',
  'member:ban',
  'member:unban',
  'member:role',
])

/** Says it by its route. */
export async function sayByRoute(caller: Caller, roomId: string, act: Act): Promise<Told> {
  const [method, path, body] = routeOf(act)
  const answer = await caller.request<unknown>(
    method,
    `/v1/chat/rooms/${roomId}${path}`,
    body === undefined ? {} : { body },
  )
  return toldByRoute(act, answer)
}

function routeOf(act: Act): [method: string, path: string, body?: object] {
  switch (act.event) {
    case 'message:send':
      return ['POST', '/messages', act.data]
    case 'message:edit':
      return ['PATCH', `/messages/${act.data.messageId}`, { content: act.data.content }]
    case 'message:delete':
      return ['DELETE', `/messages/${act.data.messageId}`]
    case 'message:pin':
      return ['PUT', `/messages/${act.data.messageId}/pin`]
    case 'message:unpin':
      return ['DELETE', `/messages/${act.data.messageId}/pin`]
    case 'message:read':
      return ['POST', '/read', act.data]
    case 'reaction:add':
      return ['PUT', reactionPath(act.data)]
    case 'reaction:remove':
      return ['DELETE', reactionPath(act.data)]
    case 'room:join':
      return ['POST', '/join', {}]
    case 'room:leave':
      return ['POST', '/leave']
    case 'member:add':
      return ['POST', '/members', { userIds: [act.data.userId] }]
    case 'member:remove':
      return ['DELETE', `/members/${act.data.userId}`]
    case 'member:role':
      return ['PATCH', `/members/${act.data.userId}`, { role: act.data.role }]
    case 'member:ban':
      return ['PUT', `/bans/${act.data.userId}`, {}]
    case 'member:unban':
      return ['DELETE', `/bans/${act.data.userId}`]
  }
}

function reactionPath({ messageId, emoji }: { messageId: string; emoji: string }): string {
  return `/messages/${messageId}/reactions/${encodeURIComponent(emoji)}`
}

function toldByRoute(act: Act, { status, body }: Answer): Told {
  // A session that ends on the way: whoever signs in again would ask again.
  if (status >= 500 || status === 401) return { result: 'unknown' }
  if (status >= 300) return { result: 'refused', code: body.code }
  if (act.event === 'message:read') return { result: 'done', position: body.data as ReadPosition }
  return isMessage(body.data) ? { result: 'done', message: body.data } : { result: 'done' }
}

export function toldByAck({ data }: Line): Told {
  if (!data.success) return { result: 'refused', code: data.error.code }
  return { result: 'done', message: data.message, position: data.position }
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'changeSeq' in data
}
