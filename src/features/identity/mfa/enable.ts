import { and, eq, isNull, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { MINUTE_MS } from '../../../platform/clock.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import { sessions, users } from '../tables.ts'
import { newBackupCodes } from './domain/backup-code.ts'
import { backupCodeHash, checkTotp } from './prove.ts'
import { findTotp } from './queries.ts'
import type { BackupCodes } from './schemas.ts'
import { mfaEnabledAlready } from './set-up.ts'
import { backupCodes, totpSecrets } from './tables.ts'
import { countOwnTry, NO_OWN_TRIES } from './tries.ts'

/** Whoever set it up has just shown who they are; later somebody else may sit there. */
const SETUP_MS = 30 * MINUTE_MS

function notSetUp(): Refusal {
  return new Refusal('MFA_NOT_ENABLED', 'Set up an authenticator app first', {
    fields: [{ field: 'code', message: 'There is no app yet whose code this could be' }],
  })
}

/** Switches the second step on, by the first code of the app. The backup codes are told here, and never again. */
export async function enableMfa(ctx: ServiceContext, code: string): Promise<BackupCodes> {
  const { userId, sessionId } = requireUser(ctx)
  const totp = await findTotp(ctx.core.db, userId)
  if (totp && totp.enabledAt !== null) throw mfaEnabledAlready()
  const now = ctx.clock()
  if (!totp || now - totp.createdAt >= SETUP_MS) throw notSetUp()
  await countOwnTry(ctx)
  const { step } = await checkTotp(ctx, userId, totp, code)

  const codes = newBackupCodes()
  const signedIn = whileSignedIn(ctx, NO_OWN_TRIES)
  await ctx.core.commit(
    [
      ...signedIn.steps,
      ctx.core.db
        .update(totpSecrets)
        .set({ enabledAt: now, lastStep: step })
        .where(
          and(
            eq(totpSecrets.userId, userId),
            isNull(totpSecrets.enabledAt),
            eq(totpSecrets.sealedSecret, totp.sealedSecret),
          ),
        ),
      expectChanged('mfa:pending'),
      ctx.core.db.update(users).set({ mfaEnabledAt: now }).where(eq(users.id, userId)),
      // The code is a second factor, shown just now: what asks for one does not ask again.
      ctx.core.db.update(sessions).set({ provedAt: now }).where(eq(sessions.id, sessionId)),
      ...(await replaceBackupCodes(ctx, userId, codes)),
      ctx.audit('MFA_ENABLED', { targetType: 'user', targetId: userId }),
      notice(ctx, userId, 'mfa-enabled'),
    ],
    { refusals: { ...signedIn.refusals, 'mfa:pending': mfaEnabledAlready } },
  )
  ctx.sessions.forget(sessionId)
  return {
    message: 'Two-step sign-in is on. Keep these codes where you find them without your phone.',
    backupCodes: codes,
    backupCodesLeft: codes.length,
  }
}

/** All that were there before are good no more. */
export async function replaceBackupCodes(
  ctx: ServiceContext,
  userId: string,
  codes: readonly string[],
): Promise<Step[]> {
  const hashes = await Promise.all(codes.map((code) => backupCodeHash(ctx, userId, code)))
  return [
    ctx.core.db.delete(backupCodes).where(eq(backupCodes.userId, userId)),
    sql`
      insert into ${backupCodes} (user_id, hash, created_at)
      select ${userId}, value, ${ctx.clock()} from json_each(${JSON.stringify(hashes)})
    `,
  ]
}
