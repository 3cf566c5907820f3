import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/cursor.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { findGrants, type GrantPlace, listGrants } from './access-queries.ts'
import { ACCESS_REFUSALS, stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { ThingGrant, ThingGrantBody, ThingGrantState } from './schemas.ts'
import { resourcePermissions } from './tables.ts'

/** So many things may be lent to one user. */
export const MOST_GRANTS = 1_000

const MISSING = 'access:grant'
const FULL = 'access:most-grants'
const tooMany = () => new Refusal('CONFLICT', `One user may be granted ${MOST_GRANTS} things, and no more`)

/** Lets one user do one thing with one thing that is not theirs. What is so already changes nothing. */
export async function grantOnThing(ctx: ServiceContext, input: ThingGrantBody): Promise<ThingGrantState> {
  const { userId, resource, resourceId, action, reason } = input
  const { userId: actorId } = requireUser(ctx)
  const owner = await ownerOfThing(ctx, input)
  return manageUser(ctx, userId, async (_person, actor) => {
    if (userId === actorId) throw new Refusal('FORBIDDEN', 'Nobody changes what they may themselves')
    const enough = ctx.resources.get(resource)?.actions[action] ?? []
    if (owner !== actorId && !enough.some((permission) => actor.permissions.includes(permission))) {
      throw new Refusal(
        'FORBIDDEN',
        `You cannot give what you may not yourself. Missing: ${action} on this ${resource}`,
      )
    }
    const answer = { userId, resource, resourceId, action, isGranted: true }
    const kept = ctx.idempotency.answered(200, answer)
    if ((await findGrants(ctx.core.db, userId, resource, resourceId)).includes(action)) return { steps: kept, answer }
    const steps: Step[] = [
      ...kept,
      ctx.audit('RESOURCE_PERMISSION_GRANTED', factOf(input, reason)),
      ...stillMay(ctx, actor, 'manage:settings'),
      // One statement: of many at once none passes the most that there may be, and the same one is there once.
      sql`insert into ${resourcePermissions} (user_id, resource, resource_id, action, granted_by, created_at)
        select ${userId}, ${resource}, ${resourceId}, ${action}, ${actorId}, ${ctx.clock()}
        where (select count(*) from resource_permissions where user_id = ${userId}) < ${MOST_GRANTS}
        on conflict do update set granted_by = excluded.granted_by`,
      expectChanged(FULL),
    ]
    return { steps, answer }
  }).catch((error: unknown) => {
    throw error instanceof GuardFailed && error.guard === FULL ? tooMany() : error
  })
}

/** Takes it back. What was not granted is not: that is no mistake. */
export async function revokeOnThing(ctx: ServiceContext, input: ThingGrantBody): Promise<ThingGrantState> {
  const { userId, resource, resourceId, action, reason } = input
  if (userId === requireUser(ctx).userId) throw new Refusal('FORBIDDEN', 'Nobody changes what they may themselves')
  const [granted, actor] = await Promise.all([
    findGrants(ctx.core.db, userId, resource, resourceId),
    ctx.session(),
    ctx.authorized(),
  ])
  const answer = { userId, resource, resourceId, action, isGranted: false }
  const kept = ctx.idempotency.answered(200, answer)
  const steps: Step[] = [
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
  const isGranted = granted.includes(action)
  try {
    await ctx.core.commit([...kept, ...(isGranted ? steps : [])], { refusals: ACCESS_REFUSALS })
  } catch (error) {
    // Another was quicker, and both have what they wished.
    if (!(error instanceof GuardFailed && error.guard === MISSING)) throw error
    await ctx.core.commit(kept)
  }
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
  return { ...page, items: page.items.map(({ createdAt, ...row }) => ({ ...row, createdAt: isoTime(createdAt) })) }
}

/** @throws Refusal for a type or an action that nothing is known of, and where there is no such thing */
async function ownerOfThing(ctx: ServiceContext, { resource, resourceId, action }: ThingGrantBody): Promise<string> {
  const type = ctx.resources.get(resource)
  const field = type === undefined ? 'resource' : 'action'
  if (!type || !Object.hasOwn(type.actions, action)) {
    throw new Refusal('UNPROCESSABLE', 'This cannot be granted', {
      fields: [{ field, message: 'Nothing of this name' }],
    })
  }
  const owner = await type.ownerOf(ctx, resourceId)
  if (owner === undefined) throw notFound(type.entity)
  return owner
}

function factOf({ userId, resource, resourceId, action }: ThingGrantBody, reason: string | undefined) {
  const details = { resource, resourceId, action }
  return { targetType: 'user', targetId: userId, ...(reason && { reason }), details }
}
