import { sql } from 'drizzle-orm'
import type { Db } from '../../platform/db/store.ts'

/** A room that somebody belongs to or has belonged to. */
export interface RoomEver {
  roomId: string
  objectName: string
  type: 'private' | 'group'
  name: string
  role: string
  /** Milliseconds. */
  joinedAt: number
  leftAt: number | null
  /** As the database knows it; a busy room tells it a moment later. */
  seenCount: number
  mentionCount: number
}

/** Also those that the person has left, in the order of their ids. Each part is found by an index of its own. */
export function listRoomsEver(db: Db, userId: string, after: string, limit: number): Promise<RoomEver[]> {
  const own = (rest: string) => sql`
    select room_id, role, joined_at, left_at, seen_count, mention_count from room_members
    where user_id = ${userId} and ${sql.raw(rest)} and room_id > ${after}`
  return db.all<RoomEver>(sql`
    select m.room_id as roomId, r.object_name as objectName, r.type, r.name, m.role, m.joined_at as joinedAt,
      m.left_at as leftAt, m.seen_count as seenCount, m.mention_count as mentionCount
    from (
      ${own('left_at is null and is_large = 0')}
      union all ${own('left_at is null and is_large = 1')}
      union all ${own('left_at is not null')}
      order by room_id limit ${limit}
    ) m join rooms r on r.id = m.room_id order by m.room_id
  `)
}
