import type { ServiceContext, SessionState } from '../../../context.ts'
import { notFound } from '../../../platform/errors.ts'
import type { FoundPage, PageOf } from '../../../platform/lists/find-page.ts'
import type { SortKey } from '../../../platform/lists/list-query.ts'
import { findStoredUser, findUsersPage } from './queries.ts'
import type { Sight, StoredUser } from './views.ts'

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
