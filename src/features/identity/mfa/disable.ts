import { eq } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import type { Proof } from '../proof.ts'
import { users } from '../tables.ts'
import { newBackupCodes } from './domain/backup-code.ts'
import { replaceBackupCodes } from './enable.ts'
import { proveByBackupCode, proveByPassword, proveByTotp } from './prove.ts'
import { findMfaStatus } from './queries.ts'
import type { BackupCodes, DisableMfaBody, RenewBackupCodesBody } from './schemas.ts'
import { forgetSecret } from './set-up.ts'
import { mfaNotEnabled } from './sign-in.ts'
import { backupCodes } from './tables.ts'
import { countOwnTry, forgetTries, NO_OWN_TRIES } from './tries.ts'

/** Switches the second step off, by password and second factor. */
export async function disableMfa(ctx: ServiceContext, given: DisableMfaBody): Promise<{ message: string }> {
  const { userId } = requireUser(ctx)
  const { mfaCode, backupCode, password } = given
  if ((mfaCode === undefined) === (backupCode === undefined)) {
    throw new Refusal('UNPROCESSABLE', 'Send either mfaCode or backupCode', {
      fields: [{ field: 'mfaCode', message: 'Send this, or a backup code' }],
    })
  }
  const proof = await proveBoth(ctx, userId, password, () =>
    mfaCode === undefined ? proveByBackupCode(ctx, userId, backupCode ?? '') : proveByTotp(ctx, userId, mfaCode),
  )
  const signedIn = whileSignedIn(ctx, NO_OWN_TRIES)
  await ctx.core.commit(
    [
      ...proof.steps,
      ...signedIn.steps,
      forgetSecret(ctx, userId),
      expectChanged('mfa:on'),
      ctx.core.db.delete(backupCodes).where(eq(backupCodes.userId, userId)),
      ctx.core.db.update(users).set({ mfaEnabledAt: null }).where(eq(users.id, userId)),
      forgetTries(ctx, userId),
      ctx.audit('MFA_DISABLED', { targetType: 'user', targetId: userId, details: { by: proof.by } }),
      notice(ctx, userId, 'mfa-disabled'),
    ],
    { refusals: { ...proof.refusals, ...signedIn.refusals, 'mfa:on': mfaNotEnabled } },
  )
  return { message: 'Two-step sign-in is off' }
}

/** Ten new codes in the place of all that were there, by password and a code of the app. */
export async function renewBackupCodes(
  ctx: ServiceContext,
  { password, mfaCode }: RenewBackupCodesBody,
): Promise<BackupCodes> {
  const { userId } = requireUser(ctx)
  const proof = await proveBoth(ctx, userId, password, () => proveByTotp(ctx, userId, mfaCode))
  const codes = newBackupCodes()
  const signedIn = whileSignedIn(ctx, NO_OWN_TRIES)
  await ctx.core.commit(
    [
      ...proof.steps,
      ...signedIn.steps,
      ...(await replaceBackupCodes(ctx, userId, codes)),
      forgetTries(ctx, userId),
      ctx.audit('BACKUP_CODES_RENEWED', { targetType: 'user', targetId: userId }),
      notice(ctx, userId, 'backup-codes-renewed'),
    ],
    { refusals: { ...proof.refusals, ...signedIn.refusals } },
  )
  return {
    message: 'These are your new backup codes. The old ones are good no more.',
    backupCodes: codes,
    backupCodesLeft: codes.length,
  }
}

/** Both factors. Whoever came by a provider and never chose a password has none to show. */
async function proveBoth(
  ctx: ServiceContext,
  userId: string,
  password: string | undefined,
  proveSecond: () => Promise<Proof>,
): Promise<Proof> {
  const { enabledAt, hasPassword } = await findMfaStatus(ctx.core.db, userId)
  if (enabledAt === null) throw mfaNotEnabled()
  await countOwnTry(ctx)
  const [first, second] = await Promise.allSettled([
    hasPassword ? proveByPassword(ctx, userId, password ?? '') : undefined,
    proveSecond(),
  ])
  // Nobody without the password learns whether the code was right.
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return second.value
}
