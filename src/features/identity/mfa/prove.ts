import { and, eq, inArray, isNotNull, isNull, lt } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { namedHash, namedHashes } from '../../../platform/security/keyed-hash.ts'
import { notice } from '../notice.ts'
import type { Proof } from '../proof.ts'
import { normalBackupCode } from './domain/backup-code.ts'
import { matchingStep } from './domain/totp.ts'
import { findPasswordHash, findTotp } from './queries.ts'
import { backupCodes, totpSecrets } from './tables.ts'

/** One answer whatever is wrong with a code; why is for the log. */
export function wrongCode(reason: string): Refusal {
  return new Refusal('INVALID_CODE', 'The code is wrong or was used before', { reason })
}

/** Of whom a secret is sealed: it opens for nobody else. */
export function secretContext(userId: string): string {
  return `totp:${userId}`
}

/** Call `countTry` first. @throws Refusal INVALID_CODE */
export async function proveByTotp(ctx: ServiceContext, userId: string, code: string): Promise<Proof> {
  const totp = await findTotp(ctx.core.db, userId)
  if (!totp || totp.enabledAt === null) throw wrongCode('no authenticator app')
  const { step, secret } = await checkTotp(ctx, userId, totp, code)
  // An older key sealed it: the newest one does from here on.
  const resealed = ctx.sealedBox.isCurrent(totp.sealedSecret)
    ? {}
    : { sealedSecret: await ctx.sealedBox.seal(secret, secretContext(userId)) }
  const used = ctx.core.db
    .update(totpSecrets)
    .set({ lastStep: step, ...resealed })
    .where(
      and(
        eq(totpSecrets.userId, userId),
        isNotNull(totpSecrets.enabledAt),
        eq(totpSecrets.sealedSecret, totp.sealedSecret),
        lt(totpSecrets.lastStep, step),
      ),
    )
  return {
    by: 'totp',
    steps: [used, expectChanged('totp:step')],
    refusals: { 'totp:step': () => wrongCode('its time step was used meanwhile') },
  }
}

/** @throws Refusal INVALID_CODE where it is not the code of now, or of a time step that was used before */
export async function checkTotp(
  ctx: ServiceContext,
  userId: string,
  totp: { sealedSecret: string; lastStep: number },
  code: string,
): Promise<{ step: number; secret: string }> {
  const secret = await ctx.sealedBox.open(totp.sealedSecret, secretContext(userId))
  if (secret === undefined) throw new Error('The secret of an authenticator app opens with none of ENCRYPTION_KEYS')
  const step = matchingStep(secret, code, ctx.clock())
  if (step === undefined) throw wrongCode('not the code of now')
  if (step <= totp.lastStep) throw wrongCode('a time step that was used before')
  return { step, secret }
}

/** As it is kept: it names its key, as codes outlive keys. */
export function backupCodeHash(ctx: ServiceContext, userId: string, code: string): Promise<string> {
  return namedHash(ctx.settings.MAILED_TOKEN_KEY, hashedText(userId, code))
}

function hashedText(userId: string, code: string): string {
  return `backup-code:${userId}:${normalBackupCode(code)}`
}

/** Call `countTry` first. Whether there is such a code is found out by using it up. */
export async function proveByBackupCode(ctx: ServiceContext, userId: string, code: string): Promise<Proof> {
  const hashes = await namedHashes(ctx.settings.MAILED_TOKEN_KEY, hashedText(userId, code))
  const used = ctx.core.db
    .update(backupCodes)
    .set({ usedAt: ctx.clock() })
    .where(and(eq(backupCodes.userId, userId), inArray(backupCodes.hash, hashes), isNull(backupCodes.usedAt)))
  return {
    by: 'backup-code',
    steps: [
      used,
      expectChanged('backup-code:unused'),
      ctx.audit('BACKUP_CODE_USED', { targetType: 'user', targetId: userId, actorId: userId }),
      notice(ctx, userId, 'backup-code-used'),
    ],
    refusals: { 'backup-code:unused': () => wrongCode('no unused backup code') },
  }
}

/** Call `countTry` first. @throws Refusal INVALID_CREDENTIALS */
export async function proveByPassword(ctx: ServiceContext, userId: string, password: string): Promise<Proof> {
  const passwordHash = await findPasswordHash(ctx.core.db, userId)
  if (passwordHash === null) {
    await ctx.passwords.verifyNothing(password)
    throw wrongPassword('the account has none')
  }
  const { matches } = await ctx.passwords.verify(password, passwordHash)
  if (!matches) throw wrongPassword('wrong password')
  return { by: 'password', steps: [], refusals: {} }
}

function wrongPassword(reason: string): Refusal {
  return new Refusal('INVALID_CREDENTIALS', 'The password is wrong', { reason })
}
