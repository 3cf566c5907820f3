import { and, eq, sql } from 'drizzle-orm'
import * as z from 'zod'
import { type Permission, requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/cursor.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { findGrants, type GrantPlace, listGrants } from './access-queries.ts'
import { stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { ResourceInfo, ThingGrant, ThingGrantBody, ThingGrantState } from './schemas.ts'
import { resourcePermissions } from './tables.ts'

/** So many things may be lent to one user. */
export const MOST_GRANTS = 1_000

const MISSING = 'access:grant'
/** It is there already, or there are as many as there may be. */
const NEW = 'access:new-grant'
const tooMany = () => new Refusal('CONFLICT', `One user may be granted ${MOST_GRANTS} things, and no more`)

/** Lets one user do one thing with one thing that is not theirs. What is so already changes nothing. */
export async function grantOnThing(ctx: ServiceContext, input: ThingGrantBody): Promise<ThingGrantState> {
  const { userId, resource, resourceId, action, reason } = input
  const { userId: actorId } = requireUser(ctx)
  const enough = permissionsFor(ctx, input)
  // Beside what is read of the person; a failure is told to whoever awaits it.
  const owned = ownerOfThing(ctx, input)
  owned.catch(() => undefined)
  const answer = { userId, resource, resourceId, action, isGranted: true }
  try {
    return await manageUser(ctx, userId, async (_person, actor) => {
      const owner = await owned
      if (userId === actorId) throw new Refusal('FORBIDDEN', 'Nobody changes what they may themselves')
      if (owner !== actorId && !enough.some((permission) => actor.permissions.includes(permission))) {
        const what = `${action} on this ${resource}`
        throw new Refusal('FORBIDDEN', `You cannot give what you may not yourself. Missing: ${what}`)
      }
      const steps: Step[] = [
        ...ctx.idempotency.answered(200, answer),
        ctx.audit('RESOURCE_PERMISSION_GRANTED', factOf(input, reason)),
        ...stillMay(ctx, actor, 'manage:settings'),
        // One statement: of many at once none passes the most that there may be, and the same one is there once.
        sql`insert into ${resourcePermissions} (user_id, resource, resource_id, action, granted_by, created_at)
          select ${userId}, ${resource}, ${resourceId}, ${action}, ${actorId}, ${ctx.clock()}
          where (select count(*) from resource_permissions where user_id = ${userId}) < ${MOST_GRANTS}
          on conflict do nothing`,
        expectChanged(NEW),
      ]
      return { steps, answer }
    })
  } catch (error) {
    if (!(error instanceof GuardFailed && error.guard === NEW)) throw error
  }
  if (!(await findGrants(ctx.core.db, userId, resource, resourceId)).includes(action)) throw tooMany()
  await ctx.core.commit(ctx.idempotency.answered(200, answer))
  return answer
}

/** Takes it back. What was not granted is not: that is no mistake. */
export async function revokeOnThing(ctx: ServiceContext, input: ThingGrantBody): Promise<ThingGrantState> {
  const { userId, resource, resourceId, action, reason } = input
  const { userId: actorId } = requireUser(ctx)
  // Beside what is read of the person; a failure is told to whoever awaits it.
  const granted = findGrants(ctx.core.db, userId, resource, resourceId)
  granted.catch(() => undefined)
  const answer = { userId, resource, resourceId, action, isGranted: false }
  try {
    return await manageUser(ctx, userId, async (_person, actor) => {
      const isGranted = (await granted).includes(action)
      if (userId === actorId) throw new Refusal('FORBIDDEN', 'Nobody changes what they may themselves')
      const kept = ctx.idempotency.answered(200, answer)
      if (!isGranted) return { steps: kept, answer }
      const steps: Step[] = [
        ...kept,
        ctx.audit('RESOURCE_PERMISSION_REVOKED', factOf(input, reason)),
        ...stillMay(ctx, actor, 'manage:settings'),
        ctx.core.db
          .delete(resourcePermissions)
          .where(
            and(
              eq(resourcePermissions.userId, userId),
              eq(resourcePermissions.resource, resource),
              eq(resourcePermissions.resourceId, resourceId),
              eq(resourcePermissions.action, action),
            ),
          ),
        expectChanged(MISSING),
      ]
      return { steps, answer }
    })
  } catch (error) {
    // Another was quicker, and both have what they wished.
    if (!(error instanceof GuardFailed && error.guard === MISSING)) throw error
  }
  await ctx.core.commit(ctx.idempotency.answered(200, answer))
  return answer
}

const Place: z.ZodType<GrantPlace> = z.tuple([z.string(), z.string(), z.string()])

/** What a user was granted, thing by thing. */
export async function readGrantsOfUser(
  ctx: ServiceContext,
  userId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<ThingGrant>> {
  const rows = await listGrants(ctx.core.db, userId, decodeCursor(cursor, Place), limit + 1)
  const page = toPage(rows, limit, (row): GrantPlace => [row.resource, row.resourceId, row.action])
  const names = await namesOf(ctx, page.items)
  const items = page.items.map(({ createdAt, ...row }) => {
    return { ...row, name: names.get(row.resource)?.get(row.resourceId) ?? null, createdAt: isoTime(createdAt) }
  })
  return { ...page, items }
}

/** What people call these things, by their type and id: a trip a type that has names. */
async function namesOf(ctx: ServiceContext, things: readonly { resource: string; resourceId: string }[]) {
  const types = [...new Set(things.map(({ resource }) => resource))]
  const named = types.map(async (type): Promise<[string, ReadonlyMap<string, string> | undefined]> => {
    const ids = things.filter(({ resource }) => resource === type).map(({ resourceId }) => resourceId)
    return [type, await ctx.resources.get(type)?.namesOf?.(ctx, ids)]
  })
  return new Map(await Promise.all(named))
}

/** The types of things that can be granted, by name, each with all that can be done with one. */
export function listResources({ resources }: ServiceContext): ResourceInfo[] {
  return [...resources]
    .map(([resource, { entity, actions }]) => ({ resource, title: entity, actions: Object.keys(actions).toSorted() }))
    .toSorted((a, b) => (a.resource < b.resource ? -1 : 1))
}

/** @throws Refusal for a type or an action that nothing is known of */
function permissionsFor(ctx: ServiceContext, { resource, action }: ThingGrantBody): readonly Permission[] {
  const type = ctx.resources.get(resource)
  const enough = type && Object.hasOwn(type.actions, action) ? type.actions[action] : undefined
  if (enough !== undefined) return enough
  const field = type === undefined ? 'resource' : 'action'
  throw new Refusal('UNPROCESSABLE', 'This cannot be granted', { fields: [{ field, message: 'Nothing of this name' }] })
}

/** @throws Refusal where there is no such thing */
async function ownerOfThing(ctx: ServiceContext, { resource, resourceId }: ThingGrantBody): Promise<string> {
  const type = ctx.resources.get(resource)
  const owner = await type?.ownerOf(ctx, resourceId)
  if (owner === undefined) throw notFound(type?.entity ?? 'Thing')
  return owner
}

function factOf({ userId, resource, resourceId, action }: ThingGrantBody, reason: string | undefined) {
  const details = { resource, resourceId, action }
  return { targetType: 'user', targetId: userId, ...(reason && { reason }), details }
}
