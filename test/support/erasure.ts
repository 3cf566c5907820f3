import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import { DELETED_NAME } from '../../src/features/identity/domain/deleted-user.ts'
import { type DoStep, runErasure } from '../../src/workflows/erasure.ts'
import { makeReview } from './review-examples.ts'

/**
 * Does the steps of an erasure as the platform does: what a step has answered is remembered and not done again, whoever
 * goes on. `answers` is that memory.
 */
export function eraseBySteps(
  userId: string,
  answers: Map<string, string | null>,
  makeContext: () => ServiceContext,
): Promise<void> {
  const step: DoStep = async (name, work) => {
    const known = answers.get(name)
    // What this step has answered before.
    if (known !== undefined) return known as Awaited<ReturnType<typeof work>>
    const answer = await work(makeContext())
    answers.set(name, answer)
    return answer
  }
  return runErasure(
    {
      step,
      attempt: async (name, work) => {
        await step(name, async (ctx) => {
          await work(ctx)
          return null
        })
      },
      wait: () => Promise.resolve(),
    },
    userId,
  )
}

/** Tables that keep rows of somebody who is gone, by their id alone, and why. */
const KEPT: Record<string, string> = {
  room_members: 'that they have left must not be undone by an event that comes late',
}

/** Every table of a database with rows of users: also one that nobody has thought of here. */
async function tablesOfUsers(database: D1Database): Promise<string[]> {
  const { results } = await database
    .prepare(`select name, sql from sqlite_schema where type = 'table' and name not like 'sqlite_%'`)
    .all<{ name: string; sql: string }>()
  return results.flatMap(({ name, sql }) => (/[`"(\s,]user_id[`"\s]/.test(sql) && !(name in KEPT) ? [name] : []))
}

/** In every table that belongs to accounts there is a row of this person: so an erasure that leaves one out is seen. */
export async function fillTables(userId: string, other: string): Promise<void> {
  const now = Date.now()
  const core = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values)
  await env.DB.batch([
    core(`insert into totp_secrets (user_id, sealed_secret, created_at, enabled_at) values (?, 'x', 1, 1)`, userId),
    core(`insert into second_step_tries (user_id, tries, since) values (?, 1, 1)`, userId),
    core(`insert into backup_codes (user_id, hash, created_at) values (?, 'x', 1)`, userId),
    core(
      `insert into mailed_tokens (user_id, purpose, request_id, hash, email, created_at, expires_at)
       values (?1, 'verify-email', ?1, ?1, 'x@people.test', 1, 1)`,
      userId,
    ),
    core(
      `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
       values (?1, ?1, 'Key', 'x', 0, '[]', 0, 1)`,
      userId,
    ),
    core(
      `insert into api_keys (id, user_id, name, hash, hint, scopes, created_at, expires_at, revoked_at)
       values (?1, ?1, 'Key', 'x', 'xxxx', '[]', 1, 1, 1)`,
      userId,
    ),
    core(
      `insert into linked_identities (provider, subject, user_id, created_at) values ('example', ?1, ?1, 1)`,
      userId,
    ),
    core(
      `insert into user_permissions (user_id, permission_id, effect, granted_by, created_at)
       select ?1, id, 'deny', ?1, 1 from permissions where name = 'view:logs'`,
      userId,
    ),
    core(
      `insert into resource_permissions (user_id, resource, resource_id, action, granted_by, created_at)
       values (?1, 'room', ?1, 'update', ?1, 1)`,
      userId,
    ),
    core(`insert into blocks (user_id, blocked_id, created_at) values (?1, ?2, 1), (?2, ?1, 1)`, userId, other),
    core(
      `insert into reports (id, reporter_id, room_id, message_id, category, content, author_id, author_name, sent_at,
         created_at) select ?1, ?2, ?1, ?1, 'spam', 'buy now', ?1, username, 1, 1 from users where id = ?1`,
      ...[userId, other],
    ),
  ])
  const activity = (sql: string, ...values: unknown[]) => env.ACTIVITY_DB.prepare(sql).bind(...values)
  await env.ACTIVITY_DB.batch([
    activity(
      `insert into notifications (id, user_id, title, message, category, channels, created_at, updated_at)
       values (?1, ?1, 'News', 'Something', 'system', '["in-app"]', ?2, ?2)`,
      ...[userId, now],
    ),
    activity(`insert into notification_preferences (user_id, email_digest, updated_at) values (?, 1, 1)`, userId),
    activity(`insert into notification_watermarks (user_id, group_key, seen_version) values (?, 'room:x', 1)`, userId),
  ])
  const catalog = (sql: string, ...values: unknown[]) => env.CATALOG_DB.prepare(sql).bind(...values)
  const { productId } = await makeReview({ id: userId, username: 'reviewer' })
  await env.CATALOG_DB.batch([
    catalog(
      `insert into deliveries (user_id, product_id, order_id, delivered_at) values (?1, ?2, ?1, 1)`,
      userId,
      productId,
    ),
  ])
}

/** What is left of this person, table by table: their rows, and the row that says who they were. */
export async function leftOf(userId: string): Promise<{ rows: string[]; user: Record<string, unknown> | null }> {
  const rows: string[] = []
  for (const database of [env.DB, env.ACTIVITY_DB, env.CATALOG_DB]) {
    for (const table of await tablesOfUsers(database)) {
      const also = table === 'blocks' ? ' or blocked_id = ?1' : ''
      const found = await database.prepare(`select 1 from ${table} where user_id = ?1${also}`).bind(userId).all()
      if (found.results.length > 0) rows.push(table)
    }
  }
  return { rows, user: await env.DB.prepare('select * from users where id = ?').bind(userId).first() }
}

/** The row of somebody of whom only the id is left. */
export function tombstone(userId: string): Record<string, unknown> {
  return {
    ...{ id: userId, email: `deleted:${userId}`, username: `deleted:${userId}`, password_hash: '!' },
    ...{ first_name: 'Deleted', last_name: 'user', name_key: '', last_name_key: '', avatar: null },
    ...{ is_active: 0, is_discoverable: 0, is_email_verified: 0, mfa_enabled_at: null, last_login_at: null },
    ...{ deleted_at: expect.any(Number), erased_at: expect.any(Number) },
  }
}

export const NAMELESS = DELETED_NAME
