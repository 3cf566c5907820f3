import { and, eq } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import { expectChanged, GuardFailed } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { notice } from '../notice.ts'
import { hasAnotherWayIn } from '../ways-in.ts'
import { findOwnPasskeyName, findPasskeyOwner, listPasskeys } from './queries.ts'
import type { PasskeyView } from './schemas.ts'
import { passkeys } from './tables.ts'

/** Newest first. */
export async function listOwnPasskeys(ctx: ServiceContext): Promise<PasskeyView[]> {
  const rows = await listPasskeys(ctx.core.db, requireUser(ctx).userId)
  return rows.map(({ transports: _inside, createdAt, lastUsedAt, ...row }) => ({
    ...row,
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTimeOrNull(lastUsedAt),
  }))
}

export function ownerOfPasskey(ctx: ServiceContext, id: string): Promise<string | undefined> {
  return findPasskeyOwner(ctx.core.db, id)
}

/** Whose it is, its route has seen to. @throws Refusal where it was removed meanwhile */
export async function renamePasskey(ctx: ServiceContext, id: string, name: string): Promise<void> {
  const renamed = ctx.core.db.update(passkeys).set({ name }).where(ownPasskey(ctx, id))
  await ctx.core.commit([renamed, expectChanged('passkey:own')], {
    repeatable: true,
    refusals: { 'passkey:own': () => notFound('Passkey') },
  })
}

/**
 * Nobody signs in by it any more. Sessions that it began go on, as their owner may end them.
 * @throws Refusal NOT_FOUND, also where it is somebody else's; CONFLICT where it is the only way in: no password, no other passkey, no account elsewhere
 */
export async function removePasskey(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const name = await findOwnPasskeyName(ctx.core.db, userId, id)
  if (name === undefined) throw notFound('Passkey')
  const steps = [
    ctx.core.db.delete(passkeys).where(and(ownPasskey(ctx, id), hasAnotherWayIn(ctx, userId, { passkeyId: id }))),
    expectChanged('passkey:way-in'),
    ctx.audit('PASSKEY_REMOVED', { targetType: 'user', targetId: userId, details: { passkeyId: id } }),
    notice(ctx, userId, 'passkey-removed', name),
  ]
  try {
    await ctx.core.commit(steps)
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    // Another call was first: it is gone.
    if ((await findOwnPasskeyName(ctx.core.db, userId, id)) === undefined) return
    throw new Refusal('CONFLICT', 'This is your only way to sign in. Set a password first, or add another passkey.')
  }
}

function ownPasskey(ctx: ServiceContext, id: string) {
  return and(eq(passkeys.id, id), eq(passkeys.userId, requireUser(ctx).userId))
}
