import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * Projections of the rooms' objects, which are the truth. Each row knows the seq of the room at which it
 * was projected, so that a late or repeated event changes nothing.
 */
export const rooms = sqliteTable(
  'rooms',
  {
    id: text().primaryKey(),
    /** The room's object: `pair:ID:ID` for a private pair, else the room's id. */
    objectName: text('object_name').notNull(),
    type: text({ enum: ['private', 'group'] }).notNull(),
    name: text().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: integer('created_at').notNull(),
    topic: text().notNull().default(''),
    joinPolicy: text('join_policy', { enum: ['open', 'invite'] })
      .notNull()
      .default('invite'),
    /** What an open room is found by. */
    nameKey: text('name_key').notNull().default(''),
    memberCount: integer('member_count').notNull().default(0),
    /** In a crowd members share one time of activity, else each row has it. Once so, it stays so. */
    isLarge: integer('is_large', { mode: 'boolean' }).notNull().default(false),
    activeAt: integer('active_at').notNull().default(0),
    /** All there have ever been: minus what somebody has seen, minus the deleted ones since, it is what they have not. */
    messageCount: integer('message_count').notNull().default(0),
    /** Of two summaries, changes of settings, changes of members the higher is newer. */
    summaryNo: integer('summary_no').notNull().default(0),
    settingsSeq: integer('settings_seq').notNull().default(0),
    membersSeq: integer('members_seq').notNull().default(0),
    lastSeq: integer('last_seq').notNull(),
    lastMessageId: text('last_message_id'),
    lastMessageSeq: integer('last_message_seq'),
    lastMessagePreview: text('last_message_preview'),
    lastMessageSenderId: text('last_message_sender_id'),
    lastMessageAt: integer('last_message_at'),
  },
  (table) => [
    uniqueIndex('rooms_object_name').on(table.objectName),
    index('rooms_open').on(table.nameKey, table.id).where(sql`join_policy = 'open'`),
  ],
)

export const roomMembers = sqliteTable(
  'room_members',
  {
    roomId: text('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    role: text({ enum: ['owner', 'moderator', 'member'] }).notNull(),
    joinedAt: integer('joined_at').notNull(),
    /** The other person of a private room. */
    peerId: text('peer_id'),
    /** Time of the room's newest activity: the order of a person's list, which an index must serve. */
    activeAt: integer('active_at').notNull(),
    isLarge: integer('is_large', { mode: 'boolean' }).notNull().default(false),
    /** How many of the room's messages this member has seen, and how many of the others mention them. */
    seenCount: integer('seen_count').notNull().default(0),
    mentionCount: integer('mention_count').notNull().default(0),
    summaryNo: integer('summary_no').notNull().default(0),
    /** Who has left keeps the row, so that an event that comes late does not bring them back. -1 where none came yet. */
    memberSeq: integer('member_seq').notNull().default(0),
    leftAt: integer('left_at'),
  },
  (table) => [
    primaryKey({ columns: [table.roomId, table.userId] }),
    index('room_members_by_activity')
      .on(table.userId, table.activeAt, table.roomId)
      .where(sql`left_at is null and is_large = 0`),
    // Where somebody has written before they left.
    index('room_members_left').on(table.userId, table.roomId).where(sql`left_at is not null`),
    index('room_members_large').on(table.userId, table.roomId).where(sql`left_at is null and is_large = 1`),
  ],
)

/** Which messages were deleted, by how many came before them: what unread counts leave out. */
export const deletedMessages = sqliteTable(
  'deleted_messages',
  {
    roomId: text('room_id').notNull(),
    ordinal: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.roomId, table.ordinal] })],
)
