import { type SQL, sql } from 'drizzle-orm'
import { NO_PASSWORD } from './new-password.ts'

/**
 * Whether a user could still sign in without this passkey, or without the account at this provider: stands as a
 * condition in the statement that takes it away, so that of two at once the second one sees what the first has left.
 */
export function hasAnotherWayIn(userId: string, gone: { passkeyId: string } | { provider: string }): SQL {
  const passkeyId = 'passkeyId' in gone ? gone.passkeyId : ''
  const provider = 'provider' in gone ? gone.provider : ''
  return sql`(
    exists (select 1 from users where users.id = ${userId} and users.password_hash <> ${NO_PASSWORD})
    or exists (select 1 from passkeys as other where other.user_id = ${userId} and other.id <> ${passkeyId})
    or exists (select 1 from linked_identities as other where other.user_id = ${userId} and other.provider <> ${provider})
  )`
}
