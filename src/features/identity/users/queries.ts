import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '../../../platform/db/store.ts'
import { type FoundPage, findPage, type PageOf } from '../../../platform/lists/find-page.ts'
import type { SortKey } from '../../../platform/lists/list-query.ts'
import { namesOf } from '../access/views.ts'
import { roleNames } from '../queries.ts'
import { users } from '../tables.ts'
import { IS_KEPT, USER_LIST } from './user-list.ts'
import type { StoredUser } from './views.ts'

const stored = {
  id: users.id,
  email: users.email,
  username: users.username,
  firstName: users.firstName,
  lastName: users.lastName,
  phoneNumber: users.phoneNumber,
  avatar: users.avatar,
  bio: users.bio,
  address: users.address,
  isActive: users.isActive,
  version: users.version,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt,
  roleNames,
}
type StoredRow = Omit<StoredUser, 'roles'> & { roleNames: string }

/** Undefined for who has given up their account. */
export async function findStoredUser(db: Db, id: string): Promise<StoredUser | undefined> {
  const [row] = await db
    .select(stored)
    .from(users)
    .where(and(eq(users.id, id), isNull(users.deletedAt)))
  return row && toStored(row)
}

/** What version 1 tells of a user, and nothing else of them. */
export async function findUserForV1(db: Db, id: string) {
  const { email, firstName, lastName, version, createdAt } = users
  const [row] = await db
    .select({ id: users.id, email, firstName, lastName, version, createdAt })
    .from(users)
    .where(and(eq(users.id, id), isNull(users.deletedAt)))
  return row
}

/** One page of those who are still here, whose names contain the text. */
export async function findUsersPage(
  db: Db,
  { search, sort, paging }: { search: string | undefined; sort: readonly SortKey[]; paging: PageOf },
): Promise<FoundPage<StoredUser>> {
  const { bio: _long, address: _private, ...columns } = stored
  const query = { conditions: [IS_KEPT], search, sort }
  const wanted = { ...columns, nameKey: users.nameKey }
  const page = await findPage<StoredRow & { nameKey: string }>(db, USER_LIST, wanted, query, paging)
  return { ...page, rows: page.rows.map(({ nameKey: _key, ...row }) => toStored({ ...row, bio: null, address: null })) }
}

function toStored({ roleNames: held, ...row }: StoredRow): StoredUser {
  return { ...row, roles: namesOf(held) }
}
