import { runInDurableObject } from 'cloudflare:test'
import type { ChatRoom } from '../../../durable-objects/chat-room/index.ts'
import type { Act } from './acts.ts'

type Stub = DurableObjectStub<ChatRoom>

/** A row of the room's log, as the object's tables have it. */
export interface LogRow {
  seq: number
  event: string
  messageId: string | null
  authorId: string | null
  clientMessageId: string | null
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own, and the reader knows which.
  data: any
}

/** What stands in the log after `after`, from both of its tables, in its order. */
export function readLog(stub: Stub, after: number): Promise<LogRow[]> {
  return runInDurableObject(stub, (_room, state) =>
    state.storage.sql
      .exec<Record<string, SqlStorageValue>>(
        `select seq, 'message:new' as event, id as messageId, author_id as authorId,
           client_message_id as clientMessageId, json_object('content', content) as data
         from messages where seq > ?1
         union all
         select c.seq, c.event, m.id, null, null, c.data
         from changes c left join messages m on m.seq = c.message_seq where c.seq > ?1
         order by 1`,
        after,
      )
      .toArray()
      .map((row) => ({ ...(row as unknown as LogRow), data: JSON.parse(String(row.data)) })),
  )
}

/** How far each member has read. */
export async function readWatermarks(stub: Stub): Promise<Map<string, number>> {
  const rows = await runInDurableObject(stub, (_room, state) =>
    state.storage.sql
      .exec<{ user_id: string; seen_seq: number }>('select user_id, seen_seq from members where left_at is null')
      .toArray(),
  )
  return new Map(rows.map(({ user_id, seen_seq }) => [user_id, seen_seq]))
}

const ROW_OF: Record<Exclude<Act['event'], 'message:read' | 'member:unban'>, string> = {
  'message:send': 'message:new',
  'message:edit': 'message:edited',
  'message:delete': 'message:deleted',
  'message:pin': 'message:pinned',
  'message:unpin': 'message:pinned',
  'reaction:add': 'message:reaction',
  'reaction:remove': 'message:reaction',
  'room:join': 'room:user-joined',
  'member:add': 'room:user-joined',
  'room:leave': 'room:user-left',
  'member:remove': 'room:user-left',
  'member:ban': 'room:user-left',
  'member:role': 'room:member-updated',
}

/** Whether this row is what an act of this person makes. */
export function isOf(row: LogRow, by: string, { event, data }: Act): boolean {
  if (event === 'message:read' || event === 'member:unban' || row.event !== ROW_OF[event]) return false
  if (event === 'message:send') {
    if (row.authorId !== by || row.clientMessageId !== (data.clientMessageId ?? null)) return false
    return data.clientMessageId !== undefined || row.data.content === data.content
  }
  if ('messageId' in data) {
    if (row.messageId !== data.messageId) return false
    if (event === 'message:pin' || event === 'message:unpin') return row.data.pinned === (event === 'message:pin')
    if (!('emoji' in data)) return true
    return row.data.userId === by && row.data.emoji === data.emoji && row.data.added === (event === 'reaction:add')
  }
  const userId = 'userId' in data ? data.userId : by
  return event === 'member:role' ? row.data.member.id === userId : row.data.userId === userId
}
