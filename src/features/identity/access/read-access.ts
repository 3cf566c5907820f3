import * as z from 'zod'
import type { Role, ServiceContext } from '../../../context.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/cursor.ts'
import { notFound } from '../../../platform/errors.ts'
import { type CountedPage, offsetOf, type Paging, totalOf } from '../../../platform/paging.ts'
import { knownRoles } from '../domain/access.ts'
import {
  findManaged,
  listAndCountMembers,
  listMembers,
  listPermissions,
  listRoles,
  type MemberRow,
} from './access-queries.ts'
import type { Member, PermissionInfo, RoleInfo, UserAccess } from './schemas.ts'
import { knownPermissions, namesOf, toMember, toUserAccess } from './views.ts'

/** All that can be permitted, by what it is about. */
export async function readPermissions(ctx: ServiceContext): Promise<PermissionInfo[]> {
  const rows = await listPermissions(ctx.core.db)
  return rows.flatMap(({ name, held, ...row }) =>
    knownPermissions([name]).map((known) => ({ ...row, name: known, roles: knownRoles(namesOf(held)) })),
  )
}

/** The roles with what each gives, lowest first. */
export async function readRoles(ctx: ServiceContext): Promise<RoleInfo[]> {
  const rows = await listRoles(ctx.core.db)
  return rows.flatMap(({ name, given, ...row }) =>
    knownRoles([name]).map((known) => ({ ...row, name: known, permissions: knownPermissions(namesOf(given)) })),
  )
}

/** @throws Refusal where there is nobody of this id */
export async function readUserAccess(ctx: ServiceContext, userId: string): Promise<UserAccess> {
  const person = await findManaged(ctx.core.db, userId)
  if (!person) throw notFound('User')
  return toUserAccess(userId, person)
}

type MembersQuery = Paging & { role?: Role | undefined; onlyActive?: boolean }

/** Whoever holds this role, or any, newest first, as they are stored. */
export async function readMemberRows(ctx: ServiceContext, query: MembersQuery): Promise<CountedPage<MemberRow>> {
  if (query.cursor !== undefined) {
    return { ...pageOf(await listMembers(ctx.core.db, placeOf(query)), query.limit), total: null }
  }
  const [rows, counted] = await listAndCountMembers(ctx.core.db, placeOf(query))
  return { ...pageOf(rows, query.limit), total: totalOf(counted) }
}

/** The same as others are shown them, uncounted. */
export async function readHolders(ctx: ServiceContext, query: MembersQuery): Promise<Page<Member>> {
  const page = pageOf(await listMembers(ctx.core.db, placeOf(query)), query.limit)
  return { ...page, items: page.items.map((row) => toMember(row, namesOf(row.roleNames))) }
}

function placeOf({ role, onlyActive, ...paging }: MembersQuery) {
  return {
    role,
    onlyActive,
    after: decodeCursor(paging.cursor, z.uuid()),
    offset: offsetOf(paging),
    limit: paging.limit + 1,
  }
}

function pageOf(rows: MemberRow[], limit: number): Page<MemberRow> {
  return toPage(rows, limit, ({ id }) => id)
}
