import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { OPERATION_STATES } from './schemas.ts'

/** Long work that somebody asked for, in the database that it works on, so that a page and its progress are one batch. */
export const operations = sqliteTable(
  'operations',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    /** The name of an `OperationKind`. */
    kind: text().notNull(),
    input: text({ mode: 'json' }).notNull(),
    state: text({ enum: OPERATION_STATES }).notNull().default('pending'),
    /** How many pages are done: the message of any other page comes too early or too late. */
    step: integer().notNull().default(0),
    /** Where the next page begins, as its kind has it; null before the first one. */
    place: text({ mode: 'json' }),
    done: integer().notNull().default(0),
    /** Null until it was counted. */
    total: integer(),
    result: text({ mode: 'json' }),
    /** The path of what came of it, below the version. */
    resultPath: text('result_path').notNull(),
    error: text({ mode: 'json' }).$type<{ code: string; message: string }>(),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('operations_finished').on(table.finishedAt).where(sql`finished_at is not null`),
    index('operations_unfinished').on(table.updatedAt).where(sql`finished_at is null`),
  ],
)
