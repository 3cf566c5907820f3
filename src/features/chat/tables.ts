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
    /** The newest event that is projected here. */
    lastSeq: integer('last_seq').notNull(),
    lastMessageId: text('last_message_id'),
    lastMessageSeq: integer('last_message_seq'),
    lastMessagePreview: text('last_message_preview'),
    lastMessageSenderId: text('last_message_sender_id'),
    lastMessageAt: integer('last_message_at'),
  },
  (table) => [uniqueIndex('rooms_object_name').on(table.objectName)],
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
  },
  (table) => [
    primaryKey({ columns: [table.roomId, table.userId] }),
    index('room_members_by_activity').on(table.userId, table.activeAt, table.roomId),
  ],
)
