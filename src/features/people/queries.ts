import { and, asc, sql } from 'drizzle-orm'
import { startsWith } from '../../platform/db/prefix.ts'
import type { Db } from '../../platform/db/store.ts'
import { searchKey } from '../../platform/text.ts'
import { users } from '../identity/index.ts'

/** The public projection of a user. */
export const person = {
  id: users.id,
  username: users.username,
  firstName: users.firstName,
  lastName: users.lastName,
  avatar: users.avatar,
}

/** What anybody signed in may see of a person. */
export interface PersonRow {
  id: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
}

const SEARCHED = [users.username, users.nameKey, users.lastNameKey] as const

/**
 * Three index ranges, each bounded, in one query: rows read do not grow with the number of users. Whoever has blocked
 * the one who asks is left out of what these hold, so that many of them cost nothing more.
 */
export async function searchPeople(db: Db, userId: string, text: string, limit: number): Promise<PersonRow[]> {
  const key = searchKey(text)
  if (key === '') return []
  const ranges = SEARCHED.map((column) => {
    const name = sql.identifier(column.name)
    // SQLite takes a limit in a part of a union only inside a query of its own.
    return sql`select id from (
      select id from users where ${startsWith(sql`${name}`, key)} and is_active and is_discoverable
      order by ${name} limit ${limit})`
  })
  return db
    .select(person)
    .from(users)
    .where(
      and(
        sql`${users.id} in (${sql.join(ranges, sql` union all `)})`,
        sql`not exists (select 1 from blocks where blocks.user_id = users.id and blocks.blocked_id = ${userId})`,
      ),
    )
    .orderBy(asc(users.nameKey), asc(users.id))
    .limit(limit)
}
