import { requireUser, type ServiceContext } from '../../../context.ts'
import { encodeCursor } from '../../../platform/cursor.ts'
import { notFound } from '../../../platform/errors.ts'
import { meaningless } from '../../../platform/lists/find-page.ts'
import type { SortKey } from '../../../platform/lists/list-query.ts'
import type { CountedPage, Paging } from '../../../platform/paging.ts'
import { readMemberRows } from '../access/read-access.ts'
import { namesOf } from '../access/views.ts'
import type { Role } from '../domain/access.ts'
import { findStoredUser, findUserForV1 } from './queries.ts'
import { listUsers, sightOf } from './read-users.ts'
import type { ListedUserV1, UserV1 } from './v1-schemas.ts'
import { toListedUserV1, toUserV1 } from './v1-views.ts'
import type { Sight } from './views.ts'

const NEWEST_FIRST: SortKey[] = [{ field: 'createdAt', direction: 'desc' }]

interface ListedForV1 extends Paging {
  role?: Role | undefined
  search?: string | undefined
  sort?: readonly SortKey[] | undefined
}

/**
 * The list as version 1 has it: whoever has a role, or this one; or whom a text finds, or in another order, as version 2
 * does it. Somebody in the roll-out is answered by version 2.
 * @throws Refusal 422 where a role goes with a text or an order, and as `findPage` does
 */
export async function listUsersForV1(ctx: ServiceContext, query: ListedForV1): Promise<CountedPage<ListedUserV1>> {
  const { role, search, sort, page: number = 1, cursor, limit } = query
  const isAsked = search !== undefined || sort !== undefined
  if (isAsked && role !== undefined) throw meaningless('role', 'Does not go with search, sortBy and order')
  // Roles and cursors are version 1's own: a page that goes on from another one goes on where that one was made.
  const isOwn = !isAsked && (role !== undefined || cursor !== undefined)
  if (isAsked || (!isOwn && (await runsV2(ctx)))) {
    const paging = cursor === undefined ? { page: number, limit } : { cursor, limit }
    const page = await listUsers(ctx, { search, sort: sort ?? NEWEST_FIRST, paging })
    const last = page.rows.at(-1)
    const ownCursor = page.hasMore && last ? encodeCursor(last.id) : null
    return {
      items: page.rows.map((user) => toListedUserV1(user, page.sight)),
      nextCursor: isAsked ? page.nextCursor : ownCursor,
      total: page.total,
    }
  }
  const [page, session] = await Promise.all([readMemberRows(ctx, query), ctx.session()])
  const sight = sightOf(session)
  return { ...page, items: page.items.map((row) => toListedUserV1({ ...row, roles: namesOf(row.roleNames) }, sight)) }
}

/** @throws Refusal 404 that names the id */
export async function readUserForV1(
  ctx: ServiceContext,
  id: string,
): Promise<{ user: UserV1; version: number; sight: Sight }> {
  const find = (await runsV2(ctx)) ? findStoredUser : findUserForV1
  const [found, session] = await Promise.all([find(ctx.core.db, id), ctx.session()])
  if (!found) throw notFound(`User ${id}`)
  const sight = sightOf(session, id)
  return { user: toUserV1(found, sight), version: found.version, sight }
}

function runsV2(ctx: ServiceContext): Promise<boolean> {
  return ctx.flags.isOn('v2-features-for-v1', requireUser(ctx).userId)
}
