import { and, eq, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { apiKeys } from '../api-keys/tables.ts'
import { notice } from '../notice.ts'
import { passkeys } from '../passkeys/tables.ts'

/**
 * What else lets in to an account whose address nobody had shown to be theirs: whoever registered it may be somebody
 * else, who waits for its owner to come. The second step stays as it is, as a reset never takes it away.
 */
export function takeBackWaysIn(
  ctx: ServiceContext,
  { userId, hasOtherWaysIn }: { userId: string; hasOtherWaysIn: boolean },
): Step[] {
  const { db } = ctx.core
  return [
    db.delete(passkeys).where(eq(passkeys.userId, userId)),
    db
      .update(apiKeys)
      .set({ revokedAt: ctx.clock() })
      .where(and(eq(apiKeys.userId, userId), isNull(apiKeys.revokedAt))),
    ctx.audit('WAYS_IN_TAKEN_BACK', { targetType: 'user', targetId: userId, actorId: userId }),
    // Who had none would wonder what was taken.
    ...(hasOtherWaysIn ? [notice(ctx, userId, 'ways-in-taken-back')] : []),
  ]
}
