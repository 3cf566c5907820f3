import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { newestOfEach } from '../../platform/queues/newest.ts'
import type { Reading } from './commands.ts'
import type { RoomSummarisedPayload } from './events.ts'
import { deletedMessages, roomMembers, rooms } from './tables.ts'

/** What a member has read of a room, as the room's summary of this number says. */
interface MemberReading {
  userId: string
  seenCount: number
  mentionCount: number
  version: number
}

interface RoomReadings {
  roomId: string
  /** Raises the room in their lists; 0 where a crowd shares one time of activity. */
  activeAt: number
  members: MemberReading[]
}

/**
 * The newest message of each room, and how far those have read whose reading has changed. As many statements however
 * many summaries they are; of one room there may be several, late, twice and in any order.
 */
export async function projectSummaries(
  ctx: ServiceContext,
  summaries: readonly RoomSummarisedPayload[],
): Promise<void> {
  const newest = newestOfEach(summaries, ({ roomId }) => roomId)
  const large = [...new Set(summaries.filter(({ isLarge }) => isLarge).map(({ roomId }) => roomId))]
  const small = newest.filter(({ roomId }) => !large.includes(roomId))
  const readings = newest.map(({ roomId, at }) => ({
    roomId,
    activeAt: large.includes(roomId) ? 0 : at,
    members: newestOfEach(readingsOf(summaries, roomId), ({ userId }) => userId),
  }))
  const deleted = summaries.map(({ roomId, deleted: ordinals }) => ({ roomId, ordinals }))
  await ctx.core.commit(
    [
      // Before the others are raised: whoever is told of here is written once for both.
      ...readingSteps(readings),
      ...becomeLarge(large),
      ...raiseMembers(small),
      updateRooms(newest),
      ...deletionSteps(deleted.filter(({ ordinals }) => ordinals.length > 0)),
    ],
    { repeatable: true },
  )
}

function readingsOf(summaries: readonly RoomSummarisedPayload[], roomId: string): MemberReading[] {
  return summaries
    .filter((summary) => summary.roomId === roomId)
    .flatMap(({ version, members }) => members.map((member) => ({ ...member, version })))
}

/** A person's own reading, before the room's next summary says the same. */
export async function projectReading(
  ctx: ServiceContext,
  userId: string,
  { roomId, version, seenCount, position }: Reading,
  besides: Step[] = [],
): Promise<void> {
  const own = { userId, seenCount, mentionCount: position.mentionCount, version }
  await ctx.core.commit([...besides, ...readingSteps([{ roomId, activeAt: 0, members: [own] }])], { repeatable: true })
}

/**
 * Of whom D1 has not heard yet that they have joined, the reading waits in a row that says they are not there.
 */
function readingSteps(readings: readonly RoomReadings[]): Step[] {
  const told = readings.filter(({ members }) => members.length > 0)
  if (told.length === 0) return []
  return [
    sql`
      insert into ${roomMembers}
        (room_id, user_id, role, joined_at, active_at, is_large, seen_count, mention_count, summary_no, member_seq,
         left_at)
      select r.id, member.value ->> 'userId', 'member', 0, told.value ->> 'activeAt', r.is_large,
        member.value ->> 'seenCount', member.value ->> 'mentionCount', member.value ->> 'version', -1, 0
      from json_each(${JSON.stringify(told)}) as told cross join rooms as r
        cross join json_each(told.value -> 'members') as member
      where r.id = told.value ->> 'roomId'
      on conflict (room_id, user_id) do update set
        seen_count = max(seen_count, excluded.seen_count), mention_count = excluded.mention_count,
        summary_no = excluded.summary_no, active_at = max(active_at, excluded.active_at)
      where excluded.summary_no > room_members.summary_no
    `,
  ]
}

/**
 * Once, when a room grows: after that no row of it is looked at, and who comes later is marked with the room. It is
 * left to the rooms' events, so that nobody's joining waits for a hundred rows.
 */
export function becomeLarge(roomIds: readonly string[]): Step[] {
  if (roomIds.length === 0) return []
  const ids = JSON.stringify(roomIds)
  return [
    sql`
      update ${roomMembers} set is_large = 1
      where room_id in (
        select r.id from json_each(${ids}) as told cross join rooms as r where r.id = told.value and r.is_large = 0)
    `,
    sql`update ${rooms} set is_large = 1 where id in (select value from json_each(${ids})) and is_large = 0`,
  ]
}

/**
 * Of a room that has been a crowd no row is looked at, and of others none of those who have left is written. Which rooms
 * those are is found first: otherwise SQLite would ask for the room of each member.
 */
function raiseMembers(summaries: readonly RoomSummarisedPayload[]): Step[] {
  if (summaries.length === 0) return []
  const told = summaries.map(({ roomId, at }) => ({ roomId, at }))
  return [
    sql`
      with told as materialized (
        select r.id as room_id, value ->> 'at' as at from json_each(${JSON.stringify(told)}) cross join rooms as r
        where r.id = value ->> 'roomId' and r.is_large = 0
      )
      update ${roomMembers} set active_at = told.at from told
      where room_members.room_id = told.room_id and room_members.left_at is null and room_members.active_at < told.at
    `,
  ]
}

function updateRooms(newest: readonly RoomSummarisedPayload[]): Step {
  const told = newest.map(({ roomId, version, seq, messageCount, at, message }) => {
    return { roomId, version, seq, messageCount, at, message }
  })
  return sql`
    update ${rooms} set
      summary_no = told.value ->> 'version', last_seq = told.value ->> 'seq',
      message_count = told.value ->> 'messageCount', active_at = told.value ->> 'at',
      last_message_id = told.value ->> '$.message.id', last_message_seq = told.value ->> '$.message.seq',
      last_message_preview = told.value ->> '$.message.preview',
      last_message_sender_id = told.value ->> '$.message.senderId', last_message_at = told.value ->> '$.message.at'
    from json_each(${JSON.stringify(told)}) as told
    where rooms.id = told.value ->> 'roomId' and rooms.summary_no < told.value ->> 'version'
  `
}

function deletionSteps(deleted: readonly { roomId: string; ordinals: readonly number[] }[]): Step[] {
  if (deleted.length === 0) return []
  return [
    sql`
      insert or ignore into ${deletedMessages} (room_id, ordinal)
      select told.value ->> 'roomId', ordinal.value
      from json_each(${JSON.stringify(deleted)}) as told cross join json_each(told.value -> 'ordinals') as ordinal
    `,
  ]
}
