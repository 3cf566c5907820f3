import { type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { NO_PASSWORD } from './new-password.ts'

/**
 * Whether a user could still sign in without this passkey, or without the account at this provider: stands as a
 * condition in the statement that takes it away, so that of two at once the second one sees what the first has left.
 * An account at a provider that is not configured any more lets nobody in.
 */
export function hasAnotherWayIn(
  { providers }: Pick<ServiceContext, 'providers'>,
  userId: string,
  gone: { passkeyId: string } | { provider: string },
): SQL {
  const passkeyId = 'passkeyId' in gone ? gone.passkeyId : ''
  const others = [...providers.keys()].filter((id) => !('provider' in gone) || id !== gone.provider)
  return sql`(
    exists (select 1 from users where users.id = ${userId} and users.password_hash <> ${NO_PASSWORD})
    or exists (select 1 from passkeys as other where other.user_id = ${userId} and other.id <> ${passkeyId})
    or exists (select 1 from linked_identities as other where other.user_id = ${userId}
      and other.provider in (select value from json_each(${JSON.stringify(others)})))
  )`
}
