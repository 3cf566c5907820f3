import type { ServiceContext } from '../../context.ts'
import type { Refusal } from '../../platform/errors.ts'
import { type Passed, type PassingKind, TokenRefused } from '../../platform/security/passing-token.ts'

/**
 * What a short-lived token of this kind carries.
 * @param refusal what the caller is told where it is not good; the reason is for the log
 * @throws Refusal
 */
export async function openPassing<C>(
  ctx: Pick<ServiceContext, 'passingTokens'>,
  kind: PassingKind<C>,
  token: string,
  refusal: (reason: string) => Refusal,
): Promise<Passed<C>> {
  try {
    return await ctx.passingTokens.open(kind, token)
  } catch (error) {
    throw error instanceof TokenRefused ? refusal(error.message) : error
  }
}
