import * as z from 'zod'
import type { ServiceContext } from '../../context.ts'
import { isoTime, isoTimeOrNull } from '../../platform/clock.ts'
import { decodeCursor, encodeCursor, type Page, toPage } from '../../platform/cursor.ts'
import { notFound } from '../../platform/errors.ts'
import { findUser, findUsers, listUsers, type UserFilter, type UserRow } from './admin-queries.ts'
import { highestRole } from './domain/access.ts'
import type { UserDetails, UserSummary } from './schemas.ts'

interface UsersQuery extends UserFilter {
  q?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** Everybody, newest first; with a text the first of those who are called so, which is one page and no more. */
export async function readUsers(
  ctx: ServiceContext,
  { q, cursor, limit, ...filter }: UsersQuery,
): Promise<Page<UserSummary>> {
  const after = decodeCursor(cursor, z.uuid())
  const found =
    q === undefined
      ? await listUsers(ctx.core.db, { filter, after, limit: limit + 1 })
      : { rows: await findUsers(ctx.core.db, q, filter, limit), stoppedAt: undefined }
  const page = toPage(found.rows, limit, ({ id }) => id)
  const nextCursor = page.nextCursor ?? (found.stoppedAt === undefined ? null : encodeCursor(found.stoppedAt))
  return { items: page.items.map(toSummary), nextCursor }
}

/** @throws Refusal where there is nobody of this id */
export async function readUser(ctx: ServiceContext, id: string): Promise<UserDetails> {
  const row = await findUser(ctx.core.db, id, ctx.clock())
  if (!row) throw notFound('User')
  const { timezone, locale, updatedAt, deletedAt, permissionNames, liveSessions, ...summary } = row
  return {
    ...toSummary(summary),
    ...{ timezone, locale, liveSessions, isDeleted: deletedAt !== null },
    updatedAt: isoTime(updatedAt),
    permissions: textsOf(permissionNames).toSorted(),
  }
}

function toSummary({ roleNames, createdAt, lastLoginAt, ...row }: UserRow): UserSummary {
  const roles = textsOf(roleNames)
  return {
    ...row,
    ...{ roles, role: highestRole(roles) },
    createdAt: isoTime(createdAt),
    lastLoginAt: isoTimeOrNull(lastLoginAt),
  }
}

/** What `json_group_array` has made of names. */
function textsOf(json: string): string[] {
  return z.array(z.string()).parse(JSON.parse(json))
}
