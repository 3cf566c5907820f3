import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { SignedIn } from '../schemas.ts'
import { proveByBackupCode, proveByTotp, wrongCode } from './prove.ts'
import type { BackupSignInBody, VerifyMfaBody } from './schemas.ts'
import { finishSecondStep, type Prove, signInWithBoth } from './second-step.ts'
import { backupCodes } from './tables.ts'

type Grant = SignedIn & { refreshToken: string }
type FirstStepGiven = Pick<VerifyMfaBody, 'tempToken' | 'email' | 'password'>

export function signInByTotp(
  ctx: ServiceContext,
  { mfaCode, ...first }: Omit<VerifyMfaBody, 'session' | 'captchaToken'>,
): Promise<Grant> {
  return goOn(ctx, first, (userId) => proveByTotp(ctx, userId, mfaCode), mfaNotEnabled)
}

export async function signInByBackupCode(
  ctx: ServiceContext,
  { backupCode, ...first }: Omit<BackupSignInBody, 'session' | 'captchaToken'>,
): Promise<Grant & { warning: string; backupCodesLeft: number }> {
  let left = 0
  const prove: Prove = async (userId) => {
    // Counted before it is used up: afterwards nothing may go wrong any more, as the code and the session are there.
    const [proof, unused] = await Promise.all([
      proveByBackupCode(ctx, userId, backupCode),
      countBackupCodes(ctx, userId),
    ])
    left = Math.max(0, unused - 1)
    return proof
  }
  const grant = await goOn(ctx, first, prove, () => wrongCode('no second step'))
  return { ...grant, backupCodesLeft: left, warning: warningOf(left) }
}

export function mfaNotEnabled(): Refusal {
  return new Refusal('MFA_NOT_ENABLED', 'Two-step sign-in is not switched on', {
    fields: [{ field: 'mfaCode', message: 'The account asks for no code' }],
  })
}

async function countBackupCodes(ctx: ServiceContext, userId: string): Promise<number> {
  const [row] = await ctx.core.db
    .select({ left: sql<number>`count(*)` })
    .from(backupCodes)
    .where(and(eq(backupCodes.userId, userId), isNull(backupCodes.usedAt)))
  return row?.left ?? 0
}

/** With what the first step gave, or with both factors at once. */
function goOn(
  ctx: ServiceContext,
  { tempToken, email, password }: FirstStepGiven,
  prove: Prove,
  withoutMfa: () => Refusal,
): Promise<Grant> {
  if (tempToken !== undefined && email === undefined && password === undefined) {
    return finishSecondStep(ctx, tempToken, prove)
  }
  if (tempToken === undefined && email !== undefined && password !== undefined) {
    return signInWithBoth(ctx, { email, password }, prove, withoutMfa)
  }
  throw new Refusal('UNPROCESSABLE', 'Send either tempToken, or email and password', {
    fields: [{ field: 'tempToken', message: 'Send this, or email and password' }],
  })
}

function warningOf(left: number): string {
  if (left === 0) return 'This was your last backup code. Make new ones now.'
  return `This backup code is used up. ${left === 1 ? 'One is' : `${left} are`} left: make new ones before they run out.`
}
