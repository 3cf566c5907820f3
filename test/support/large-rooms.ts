import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { World } from './examples.ts'

/** So many of somebody's rooms have more than a hundred members. */
const LARGE_ROOMS = 20
const MANY_PINS = 40
const MANY_INVITES = 40
/** Of each member their own. */
const NOTIFICATION_ID = "substr(value, 1, 24) || printf('%012d', key)"

/** A person in many small rooms and some large ones, and a room with as many of everything. `ids` is JSON. */
export async function growRooms(world: World, ids: string): Promise<void> {
  await growProjections(world, ids)
  await Promise.all([growPrivateRoom(world, ids), growGroup(world, ids)])
  // What is said comes into the index by the room's alarm, or by the first search.
  const { api, owner, groupId, roomId } = world
  for (const id of [groupId, roomId]) await api.as(owner).get(`/v1/chat/rooms/${id}/search?q=the`)
}

/** Each room has an unread message that was deleted. */
async function growProjections({ owner, groupId }: World, ids: string): Promise<void> {
  const now = Date.now()
  const core = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values)
  await env.DB.batch([
    core(
      `insert into rooms (id, object_name, type, name, created_by, created_at, last_seq, join_policy, name_key,
         is_large, active_at, message_count, member_count)
       select value, value, 'group', 'Room ' || key, ?1, ?2, 9, 'open', 'room ' || key, key < ${LARGE_ROOMS}, ?2 + key,
         9, iif(key < ${LARGE_ROOMS}, 200, 2)
       from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into room_members (room_id, user_id, role, joined_at, active_at, peer_id, is_large)
       select value, ?1, 'member', ?2, ?2 + key, ?1, key < ${LARGE_ROOMS} from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core('insert into deleted_messages (room_id, ordinal) select value, 3 from json_each(?)', ids),
    core(
      `insert into room_members (room_id, user_id, role, joined_at, active_at, is_large)
       select ?1, value, 'member', ?2, ?2, 1 from json_each(?3)`,
      ...[groupId, now, ids],
    ),
    core('update room_members set is_large = 1 where room_id = ?', groupId),
    core('update rooms set is_large = 1, member_count = member_count + 1000 where id = ?', groupId),
  ])
}

async function growPrivateRoom({ friend, roomId }: World, ids: string): Promise<void> {
  await inRoom(roomId, (sql, lastSeq) => addMessages(sql, friend.id, lastSeq, ids))
}

async function growGroup({ friend, owner, groupId, messageId }: World, ids: string): Promise<void> {
  const now = Date.now()
  await inRoom(groupId, (sql, lastSeq) => {
    addMessages(sql, friend.id, lastSeq, ids)
    const root = sql.exec<{ seq: number }>('select seq from messages where id = ?', messageId).one().seq
    // Every message answers the first, some are pinned, some were deleted.
    sql.exec('update messages set thread_seq = ?1, reply_seq = ?1 where seq > ?2', root, lastSeq)
    sql.exec('update messages set pinned_seq = seq where seq > ?1 and seq <= ?1 + ?2', lastSeq, MANY_PINS)
    sql.exec(
      "update messages set deleted_at = ?, content = '' where seq > ? and seq % 10 = 0",
      now,
      lastSeq + MANY_PINS,
    )
    sql.exec('update room set deleted_count = (select count(*) from messages where deleted_at is not null)')
    sql.exec(
      `insert into members (user_id, username, role, joined_at, notification_id)
       select value, 'crowd_' || key, 'member', ?1 + key, ${NOTIFICATION_ID} from json_each(?2)`,
      ...[now, ids],
    )
    sql.exec(
      `insert into members (user_id, username, role, joined_at, notification_id, left_at, banned_at, banned_by)
       select printf('00000000-0000-7000-8000-%012d', key), 'banned_' || key, 'member', ?1, ${NOTIFICATION_ID}, ?1, ?1 + key,
         ?2
       from json_each(?3)`,
      ...[now, owner.id, ids],
    )
    sql.exec('update room set member_count = (select count(*) from members where left_at is null)')
    sql.exec("insert into reactions select ?, value, '👍', ? from json_each(?)", root, now, ids)
    sql.exec('update messages set reactions = ?, reply_count = ? where seq = ?', '{"👍":1001}', 1_001, root)
    sql.exec('insert into mentions select ?, seq from messages where seq > ?', owner.id, lastSeq)
    sql.exec(
      `insert into changes (seq, event, message_seq, data)
       select key + 1 + (select max(seq) from messages), 'message:edited', ?, '{}' from json_each(?)`,
      ...[root, ids],
    )
    sql.exec(
      `insert into invites (id, code_hash, created_by, created_at, expires_at, max_uses)
       select value, value, ?1, ?2, ?2 + 1000000, 9 from json_each(?3) where key < ${MANY_INVITES}`,
      ...[owner.id, now, ids],
    )
  })
}

function addMessages(sql: SqlStorage, authorId: string, lastSeq: number, ids: string): void {
  sql.exec(
    `insert into messages (seq, id, author_id, type, content, created_at, ordinal, change_seq)
     select key + 1 + ?1, value, ?2, 'text', 'the message ' || key, ?3,
       key + 1 + (select coalesce(max(ordinal), 0) from messages), key + 1 + ?1
     from json_each(?4)`,
    ...[lastSeq, authorId, Date.now(), ids],
  )
}

async function inRoom(roomId: string, work: (sql: SqlStorage, lastSeq: number) => void): Promise<void> {
  const name = await env.DB.prepare('select object_name from rooms where id = ?')
    .bind(roomId)
    .first<string>('object_name')
  const object = env.CHAT_ROOM.getByName(name ?? '')
  await runInDurableObject(object, (_room, { storage: { sql } }) => {
    const highest = (table: string) =>
      sql.exec<{ seq: number | null }>(`select max(seq) as seq from ${table}`).one().seq ?? 0
    work(sql, Math.max(highest('messages'), highest('changes')))
  })
  // The object knows its newest number by heart: a new instance reads it.
  await evictDurableObject(object)
}
