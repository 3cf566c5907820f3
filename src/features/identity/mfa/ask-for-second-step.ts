import type { ServiceContext } from '../../../context.ts'
import type { FirstStep } from '../complete-sign-in.ts'
import type { Account } from '../queries.ts'
import type { MfaRequired } from '../schemas.ts'
import { findProofMethods } from './queries.ts'
import { TEMP_TOKEN } from './temp-token.ts'

/** Ends the first of two steps: there is no session yet, and the account has not been signed in to. */
export async function askForSecondStep(
  ctx: ServiceContext,
  account: Account,
  { by, steps, refusals = {} }: FirstStep,
): Promise<MfaRequired> {
  const done = ctx.audit('FIRST_STEP_DONE', {
    targetType: 'user',
    targetId: account.id,
    actorId: account.id,
    details: { by },
  })
  const [methods] = await Promise.all([
    findProofMethods(ctx.core.db, account.id),
    ctx.core.commit([...steps, done], { refusals }),
  ])
  const claims = { sub: account.id, type: 'mfa-temp' as const, by: toFirst(by), pwd: account.passwordChangedAt }
  return {
    requiresMfa: true,
    tempToken: await ctx.passingTokens.sign(TEMP_TOKEN, claims, ctx.newId()),
    message: 'Enter the code of your authenticator app to go on',
    methods: methods.filter((method) => method === 'totp' || method === 'backup-code' || method === 'passkey'),
  }
}

function toFirst(by: FirstStep['by']): 'password' | 'provider' {
  if (by === 'passkey') throw new Error('A passkey that has verified its user is both steps')
  return by
}
