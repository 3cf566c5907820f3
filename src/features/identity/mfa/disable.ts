import { eq } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import type { Proof } from '../proof.ts'
import { users } from '../tables.ts'
import { newBackupCodes } from './domain/backup-code.ts'
import { replaceBackupCodes } from './enable.ts'
import { demandOne, type GivenFactor, proveGiven } from './given-proof.ts'
import { proveByPassword } from './prove.ts'
import { findMfaStatus } from './queries.ts'
import type { BackupCodes, DisableMfaBody, RenewBackupCodesBody } from './schemas.ts'
import { forgetSecret } from './set-up.ts'
import { mfaNotEnabled } from './sign-in.ts'
import { backupCodes } from './tables.ts'
import { countOwnTry, forgetTries, NO_OWN_TRIES } from './tries.ts'

/** Switches the second step off, by password and second factor. */
export async function disableMfa(ctx: ServiceContext, given: DisableMfaBody): Promise<{ message: string }> {
  const { userId } = requireUser(ctx)
  const { mfaCode, backupCode, passkey, password } = given
  demandOne({ mfaCode, backupCode, passkey }, 'mfaCode')
  const proof = await proveBoth(ctx, password, given)
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

/** Ten new codes in the place of all that were there, by password and a code of the app, or a passkey. */
export async function renewBackupCodes(
  ctx: ServiceContext,
  { password, mfaCode, passkey }: RenewBackupCodesBody,
): Promise<BackupCodes> {
  const { userId } = requireUser(ctx)
  demandOne({ mfaCode, passkey }, 'mfaCode')
  const proof = await proveBoth(ctx, password, { mfaCode, passkey })
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
async function proveBoth(ctx: ServiceContext, password: string | undefined, given: GivenFactor): Promise<Proof> {
  const { userId } = requireUser(ctx)
  const { enabledAt, hasPassword } = await findMfaStatus(ctx.core.db, userId)
  if (enabledAt === null) throw mfaNotEnabled()
  await countOwnTry(ctx)
  const [first, second] = await Promise.allSettled([
    hasPassword ? proveByPassword(ctx, userId, password ?? '') : undefined,
    proveGiven(ctx, given),
  ])
  // Nobody without the password learns whether the code was right.
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  if (second.value === undefined) throw new Error('No second factor was demanded')
  return second.value
}
