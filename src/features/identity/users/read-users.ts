import { requireUser, type ServiceContext, type SessionState } from '../../../context.ts'
import { encodeCursor } from '../../../platform/cursor.ts'
import { notFound } from '../../../platform/errors.ts'
import type { FoundPage, PageOf } from '../../../platform/lists/find-page.ts'
import type { SortKey } from '../../../platform/lists/list-query.ts'
import type { CountedPage, Paging } from '../../../platform/paging.ts'
import { readMemberRows } from '../access/read-access.ts'
import { namesOf } from '../access/views.ts'
import type { Role } from '../domain/access.ts'
import { findStoredUser, findUserForV1, findUsersPage } from './queries.ts'
import type { ListedUserV1, UserV1 } from './schemas.ts'
import { type Sight, type StoredUser, toListedUserV1, toUserV1 } from './views.ts'

const NEWEST_FIRST: SortKey[] = [{ field: 'createdAt', direction: 'desc' }]

export interface UsersWanted {
  /** What their names contain. */
  search: string | undefined
  sort: readonly SortKey[]
  paging: PageOf
}

/** Of this person, or of anybody where no one is named. */
export function sightOf(session: SessionState, userId?: string): Sight {
  return { seesReach: userId === session.userId || session.permissions.includes('manage:settings') }
}

/** One page of those who are still here. @throws Refusal as `findPage` does */
export async function listUsers(
  ctx: ServiceContext,
  wanted: UsersWanted,
): Promise<FoundPage<StoredUser> & { sight: Sight }> {
  const [page, session] = await Promise.all([findUsersPage(ctx.core.db, wanted), ctx.session()])
  return { ...page, sight: sightOf(session) }
}

/** @throws Refusal 404 that names the id */
export async function readUser(ctx: ServiceContext, id: string): Promise<{ user: StoredUser; sight: Sight }> {
  const [user, session] = await Promise.all([findStoredUser(ctx.core.db, id), ctx.session()])
  if (!user) throw notFound(`User ${id}`)
  return { user, sight: sightOf(session, id) }
}

/** The list as version 1 has it: whoever has a role, or this one. Somebody in the roll-out is answered by version 2. */
export async function listUsersForV1(
  ctx: ServiceContext,
  query: Paging & { role?: Role | undefined },
): Promise<CountedPage<ListedUserV1>> {
  // Roles and cursors are version 1's own: a page that goes on from another one goes on where that one was made.
  const isOwn = query.role !== undefined || query.cursor !== undefined
  if (!isOwn && (await runsV2(ctx))) {
    const paging = { page: query.page ?? 1, limit: query.limit }
    const page = await listUsers(ctx, { search: undefined, sort: NEWEST_FIRST, paging })
    const last = page.rows.at(-1)
    return {
      items: page.rows.map((user) => toListedUserV1(user, page.sight)),
      nextCursor: page.hasMore && last ? encodeCursor(last.id) : null,
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
