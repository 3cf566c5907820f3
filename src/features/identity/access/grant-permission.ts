import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { effectivePermissions, knownRoles } from '../domain/access.ts'
import { notice } from '../notice.ts'
import { findPermission, type Managed } from './access-queries.ts'
import { demandHeld, keepAnAdmin, raiseVersion, stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { GrantBody, RevokeBody, UserAccess } from './schemas.ts'
import { userPermissions } from './tables.ts'
import { toUserAccess } from './views.ts'

type Direct = Managed['direct'][number]

/** Grants or denies a user one permission, besides what their roles give. What is so already changes nothing. */
export function grantPermission(ctx: ServiceContext, { effect, ...input }: GrantBody): Promise<UserAccess> {
  return change(ctx, input, effect)
}

/** Takes back what was granted or denied to a user. What their roles give stays. */
export function revokePermission(ctx: ServiceContext, input: RevokeBody): Promise<UserAccess> {
  return change(ctx, input, undefined)
}

async function change(
  ctx: ServiceContext,
  { userId, permissionId, reason }: RevokeBody,
  effect: Direct['effect'] | undefined,
): Promise<UserAccess> {
  const { userId: actorId } = requireUser(ctx)
  // Beside what is read of the person; a failure is told to whoever awaits it.
  const named = findPermission(ctx.core.db, permissionId)
  named.catch(() => undefined)
  return manageUser(ctx, userId, async (person, actor) => {
    const name = await named
    if (name === undefined) throw notFound('Permission')
    if (userId === actorId) throw new Refusal('FORBIDDEN', 'Nobody changes what they may themselves')
    const before = person.direct.find((one) => one.permissionId === permissionId)
    const others = person.direct.filter((one) => one.permissionId !== permissionId)
    const isSo = before?.effect === effect
    const grant = effect && { permissionId, name, effect, grantedBy: actorId, createdAt: ctx.clock() }
    const direct = isSo ? person.direct : sorted(grant ? [...others, grant] : others)
    const answer = toUserAccess(userId, { ...person, direct })
    const kept = ctx.idempotency.answered(200, answer)
    if (isSo) return { steps: kept, answer }

    // Lifting a denial gives as much as a grant does.
    const now = effectivePermissions(person.ofRoles, person.direct)
    demandHeld(
      actor,
      answer.permissions.filter((one) => !now.includes(one)),
    )
    const isAdminDenied = effect === 'deny' && knownRoles(person.roles).includes('admin')
    const act = actOf(before?.effect, effect)
    const steps: Step[] = [
      ...kept,
      notice(ctx, userId, 'permission-changed', `${name.replace(':', ' ')} (${WORDS[act]})`),
      ctx.audit(act, {
        targetType: 'user',
        targetId: userId,
        ...(reason && { reason }),
        details: { permission: name, from: before?.effect ?? null, to: effect ?? null },
      }),
      ...stillMay(ctx, actor, 'manage:settings'),
      ...raiseVersion(ctx, userId, person),
      ...(isAdminDenied ? keepAnAdmin(userId) : []),
      grant
        ? ctx.core.db
            .insert(userPermissions)
            .values({ userId, permissionId, effect: grant.effect, grantedBy: actorId, createdAt: grant.createdAt })
            .onConflictDoUpdate({
              target: [userPermissions.userId, userPermissions.permissionId],
              set: { effect: grant.effect, grantedBy: actorId, createdAt: grant.createdAt },
            })
        : sql`delete from user_permissions where user_id = ${userId} and permission_id = ${permissionId}`,
    ]
    return { steps, answer }
  })
}

/** The acts, as their person reads of them. */
const WORDS = {
  PERMISSION_GRANTED: 'granted',
  PERMISSION_DENIED: 'denied',
  PERMISSION_DENIAL_LIFTED: 'no longer denied',
  PERMISSION_REVOKED: 'no longer granted',
} as const

function actOf(before: Direct['effect'] | undefined, after: Direct['effect'] | undefined): keyof typeof WORDS {
  if (after === 'allow') return 'PERMISSION_GRANTED'
  if (after === 'deny') return 'PERMISSION_DENIED'
  return before === 'deny' ? 'PERMISSION_DENIAL_LIFTED' : 'PERMISSION_REVOKED'
}

function sorted(direct: Direct[]): Direct[] {
  return direct.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
