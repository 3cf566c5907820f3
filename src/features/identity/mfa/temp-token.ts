import * as z from 'zod'
import type { ServiceContext } from '../../../context.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Passed, PassingKind } from '../../../platform/security/passing-token.ts'
import { openPassing } from '../open-passing.ts'

const TempClaims = z.strictObject({
  sub: z.uuid(),
  type: z.literal('mfa-temp'),
  /** The first factor. */
  by: z.enum(['password', 'provider']),
  /** When the password was changed last: what was begun with the one before does not go on. */
  pwd: z.int().nullable(),
})
export type TempClaims = z.output<typeof TempClaims>

/** Says that the first of two steps is done. It is good once, and opens nothing but the second step. */
export const TEMP_TOKEN: PassingKind<TempClaims> = { type: 'mfa-temp+jwt', seconds: 5 * 60, claims: TempClaims }

/** One answer whatever is wrong with it; why is for the log. */
export function invalidTempToken(reason: string): Refusal {
  return new Refusal('INVALID_TOKEN', 'This sign-in has run out. Begin again.', {
    fields: [{ field: 'tempToken', message: 'Sign in again to get another one' }],
    reason: `temporary token: ${reason}`,
  })
}

/** @throws Refusal INVALID_TOKEN */
export function openTempToken(ctx: ServiceContext, token: string): Promise<Passed<TempClaims>> {
  return openPassing(ctx, TEMP_TOKEN, token, invalidTempToken)
}
