import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { isMadeOf } from './domain/password-rules.ts'

/** In the place of a hash: an account that was made through a provider has no password until it chooses one. */
export const NO_PASSWORD = '!'

/** What everybody knows of a person, and so tries first. */
export interface OwnWords {
  email: string
  firstName: string
  lastName: string
  username?: string | undefined
}

/** What the service is called, where it is found: the words of docs/security/authentication.md that no password may consist of. */
function contextWords({ settings }: ServiceContext): string[] {
  const { APP_NAME, SERVICE_NAME, FRONTEND_URL } = settings
  return [APP_NAME, SERVICE_NAME, ...new URL(FRONTEND_URL).hostname.split('.').slice(0, -1)]
}

/**
 * The part of the rule for passwords that depends on whose it is; the rest stands in the schema of `Password`.
 * @throws Refusal that names the field
 */
export function demandOwnPassword(ctx: ServiceContext, password: string, own: OwnWords, field: string): void {
  const { email, firstName, lastName, username } = own
  const words = [email, firstName, lastName, ...(username === undefined ? [] : [username]), ...contextWords(ctx)]
  if (isMadeOf(password, words)) {
    throw unusablePassword(field, 'Use more than names, your address or what this service is called')
  }
}

export function unusablePassword(field: string, message: string): Refusal {
  return new Refusal('VALIDATION_FAILED', 'The password cannot be used', { fields: [{ field, message }] })
}

/** Whether it is the account's password. Takes as long where the account has none. */
export async function isPasswordOf(ctx: ServiceContext, passwordHash: string, password: string): Promise<boolean> {
  if (passwordHash !== NO_PASSWORD) return (await ctx.passwords.verify(password, passwordHash)).matches
  await ctx.passwords.verifyNothing(password)
  return false
}
