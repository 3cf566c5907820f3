import { env } from 'cloudflare:workers'
import type { World } from './examples.ts'

/** Many of all that belongs to accounts: of the owner's own, and of others'. `ids` is a JSON list of users. */
export async function growIdentity({ owner }: World, ids: string): Promise<void> {
  const now = Date.now()
  const core = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values)
  await env.DB.batch([
    core(
      `insert into totp_secrets (user_id, sealed_secret, created_at, enabled_at) select value, 'x', ?1, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
    core(`insert into second_step_tries (user_id, tries, since) select value, 1, ?1 from json_each(?2)`, now, ids),
    core(
      // Ten a user is the most there may be.
      `insert into backup_codes (user_id, hash, created_at, used_at)
       select case when key < 10 then ?1 else value end, value, ?2, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into mailed_tokens (user_id, purpose, request_id, hash, email, created_at, expires_at)
       select value, 'verify-email', value, value, value || '@people.test', ?1, ?1 + 1000000 from json_each(?2)`,
      ...[now, ids],
    ),
    core(
      `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
       select 'more-' || value, value, 'Key', 'x', 0, '[]', 0, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
    core(
      `insert into api_keys (id, user_id, name, hash, hint, scopes, created_at, expires_at, revoked_at)
       select value, ?1, 'Key', 'x', 'xxxx', '[]', ?2, ?2 + 1000000, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into linked_identities (provider, subject, user_id, created_at)
       select 'example', value, value, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
    core(
      `insert into user_permissions (user_id, permission_id, effect, granted_by, created_at)
       select value, (select id from permissions where name = 'view:logs'), 'deny', ?1, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into resource_permissions (user_id, resource, resource_id, action, granted_by, created_at)
       select value, 'room', ?1, 'update', ?1, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(`insert into spent_tokens (id, expires_at) select value, ?1 + 1000000 from json_each(?2)`, now, ids),
    core(
      `insert into dev_mails (id, to_address, to_name, subject, html, text, created_at)
       select value, 'x@people.test', 'X', 'News', '<p>', 'news', ?1 from json_each(?2)`,
      ...[now, ids],
    ),
  ])
}
