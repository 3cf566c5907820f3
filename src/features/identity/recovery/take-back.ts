import { and, eq, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { apiKeys } from '../api-keys/tables.ts'
import { backupCodes, secondStepTries, totpSecrets } from '../mfa/tables.ts'
import { notice } from '../notice.ts'
import { passkeys } from '../passkeys/tables.ts'
import { users } from '../tables.ts'

/**
 * What else lets in to an account whose address nobody had shown to be theirs, or keeps its owner out: whoever
 * registered it may be somebody else, who waits for its owner to come. So the second step goes as well, which a reset
 * leaves alone everywhere else. The routes that make any of it demand a verified address: this is the second lock.
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
    db.delete(totpSecrets).where(eq(totpSecrets.userId, userId)),
    db.delete(backupCodes).where(eq(backupCodes.userId, userId)),
    db.delete(secondStepTries).where(eq(secondStepTries.userId, userId)),
    db.update(users).set({ mfaEnabledAt: null }).where(eq(users.id, userId)),
    ctx.audit('WAYS_IN_TAKEN_BACK', { targetType: 'user', targetId: userId, actorId: userId }),
    // Who had none would wonder what was taken.
    ...(hasOtherWaysIn ? [notice(ctx, userId, 'ways-in-taken-back')] : []),
  ]
}
