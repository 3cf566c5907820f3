import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { SYSTEM_USER_ID } from '../../../context.ts'
import type { ListDefinition } from '../../../platform/lists/list-definition.ts'
import type { ListQuery } from '../../../platform/lists/list-query.ts'
import { phrase } from '../../../platform/lists/match-text.ts'
import { searchKey } from '../../../platform/text.ts'

/**
 * The same table as `users`, with the number by which SQLite keeps its rows: the order in which they were made, as none
 * is ever taken away.
 */
const listed = sqliteTable('users', {
  place: integer('rowid').notNull(),
  id: text().notNull(),
  nameKey: text('name_key').notNull(),
  createdAt: integer('created_at').notNull(),
})

/** From so many characters on an index of three each finds a text; a shorter one has a mark of its own. */
const PART_LENGTH = 3

/** Whoever is still here, without the system itself: asked of every list. */
export const IS_KEPT = { field: 'isKept', op: 'eq', value: true } as const

export const USER_LIST: ListDefinition = {
  name: 'users',
  table: listed,
  place: listed.place,
  id: listed.id,
  time: { field: 'createdAt', column: listed.createdAt },
  fields: { isKept: () => sql`deleted_at is null and id <> ${SYSTEM_USER_ID}` },
  sorts: { name: listed.nameKey },
  trees: [
    { name: 'users_kept', equal: ['isKept'], sort: 'createdAt' },
    { name: 'users_kept_by_name', equal: ['isKept'], sort: 'name' },
  ],
  words: [{ table: 'user_names', fits: ({ search }) => search !== undefined, covers: ['isKept'], match: nameMatch }],
}

/** What `user_names` is asked (see the migration `find_users`): names that contain the text, folded as they are. */
function nameMatch({ search = '' }: Pick<ListQuery, 'search'>): string | null {
  const key = searchKey(search)
  if (key === '') return null
  return [...key].length < PART_LENGTH ? `marks : ${phrase(`⟦${key}⟧`)}` : `name : ${phrase(key)}`
}
