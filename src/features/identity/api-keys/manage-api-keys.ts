import { and, eq, isNull } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import { expectChanged, GuardFailed } from '../../../platform/db/commit.ts'
import { notFound } from '../../../platform/errors.ts'
import { notice } from '../notice.ts'
import { findKeyOwner, findOwnKeyName, knownScopes, listKeys } from './queries.ts'
import type { ApiKeyView } from './schemas.ts'
import { apiKeys } from './tables.ts'

/** The caller's keys that are not revoked, newest first, without the keys themselves. */
export async function listOwnKeys(ctx: ServiceContext): Promise<ApiKeyView[]> {
  const rows = await listKeys(ctx.core.db, requireUser(ctx).userId)
  return rows.map(({ scopes, createdAt, expiresAt, lastUsedAt, ...row }) => ({
    ...row,
    scopes: knownScopes(scopes),
    createdAt: isoTime(createdAt),
    expiresAt: isoTime(expiresAt),
    lastUsedAt: isoTimeOrNull(lastUsedAt),
  }))
}

/** The user whose key it is, as long as it is not revoked. */
export function ownerOfKey(ctx: ServiceContext, id: string): Promise<string | undefined> {
  return findKeyOwner(ctx.core.db, id)
}

/** Whose it is, its route has seen to. @throws Refusal where it was revoked meanwhile */
export async function renameApiKey(ctx: ServiceContext, id: string, name: string): Promise<void> {
  const renamed = ctx.core.db.update(apiKeys).set({ name }).where(isLive(ctx, id))
  await ctx.core.commit([renamed, expectChanged('api-key:live')], {
    repeatable: true,
    refusals: { 'api-key:live': () => notFound('API key') },
  })
}

/**
 * No request with it is let in any more: here at once, elsewhere within the session memory. Its owner is told.
 * @throws Refusal where there is none, also where it is somebody else's
 */
export async function revokeApiKey(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const name = await findOwnKeyName(ctx.core.db, userId, id)
  if (name === undefined) throw notFound('API key')
  const steps = [
    ctx.core.db.update(apiKeys).set({ revokedAt: ctx.clock() }).where(isLive(ctx, id)),
    expectChanged('api-key:live'),
    ctx.audit('API_KEY_REVOKED', { targetType: 'user', targetId: userId, details: { apiKeyId: id } }),
    notice(ctx, userId, 'api-key-revoked', name),
  ]
  try {
    await ctx.core.commit(steps)
  } catch (error) {
    // Another call was first: it is revoked.
    if (!(error instanceof GuardFailed)) throw error
  }
  ctx.sessions.forget(id)
}

function isLive(ctx: ServiceContext, id: string) {
  return and(eq(apiKeys.id, id), eq(apiKeys.userId, requireUser(ctx).userId), isNull(apiKeys.revokedAt))
}
