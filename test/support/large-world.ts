import { env } from 'cloudflare:workers'
import { newId } from '../../src/platform/ids.ts'
import type { World } from './examples.ts'
import { growIdentity } from './large-identity.ts'
import { growRooms } from './large-rooms.ts'
import { growProducts } from './products.ts'
import { growReviews } from './review-examples.ts'

/** Ten times what any page shows, of everything that may grow. */
const MANY = 1_000

/** Lets a world grow behind the routes' backs, in a few statements: rooms, messages, people, notifications, acts. */
export async function growWorld(world: World): Promise<void> {
  const { owner, friend, roomId } = world
  const now = Date.now()
  const ids = JSON.stringify(Array.from({ length: MANY }, () => newId()))
  const core = (sql: string, ...values: unknown[]) => env.DB.prepare(sql).bind(...values)
  for (const database of [env.DB, env.ACTIVITY_DB, env.CATALOG_DB]) {
    await database
      .prepare(
        `insert into audit (id, action, actor_id, target_type, target_id, correlation_id, at)
         select value, 'SIGNED_IN', ?1, 'user', ?1, 'test', ?2 - key from json_each(?3)`,
      )
      .bind(owner.id, now, ids)
      .run()
  }
  await env.DB.batch([
    core(
      `insert into users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key,
         created_at, updated_at)
       select value, value || '@people.test', 'person_more_' || key, 'x', 'Person', 'More', 'person more', 'more', ?1, ?1
       from json_each(?2)`,
      ...[now, ids],
    ),
    core(
      `insert into user_roles (user_id, role_id) select value, (select id from roles where name = 'user')
       from json_each(?1)`,
      ids,
    ),
    core(
      `insert into sessions (id, user_id, generation, refresh_hash, created_at, rotated_at, expires_at, revoked_at)
       select value, ?1, 1, value, ?2, ?2, ?2 + 1000000, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into dead_letters (id, subject, lane, body, attempts, first_seen_at, last_seen_at)
       select value, value, 'bulk', '{}', 3, ?1, ?1 + key from json_each(?2)`,
      ...[now, ids],
    ),
    core(
      `insert into blocks (user_id, blocked_id, created_at)
       select ?1, value, ?2 - key from json_each(?3) union all select value, ?1, ?2 from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    core(
      `insert into reports (id, reporter_id, room_id, message_id, category, content, author_id, author_name, sent_at,
         created_at, status)
       select value, ?1, ?2, value, 'spam', 'message ' || key, ?3, 'friend', ?4, ?4 - key, iif(key % 2, 'open', 'upheld')
       from json_each(?5)`,
      ...[owner.id, roomId, friend.id, now, ids],
    ),
    core(
      `insert into inbox (subscriber, event_id, handled_at, occurred_at)
       select 'chat.project-room', value, ?1, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
  ])
  await growIdentity(world, ids)
  const activity = (sql: string, ...values: unknown[]) => env.ACTIVITY_DB.prepare(sql).bind(...values)
  await env.ACTIVITY_DB.batch([
    activity(
      `insert into notifications (id, user_id, title, message, category, channels, created_at, updated_at)
       select value, ?1, 'News', 'Something', 'system', '["in-app"]', ?2 - key, ?2 - key from json_each(?3)`,
      ...[owner.id, now, ids],
    ),
    activity(
      `insert into notification_preferences (user_id, email_digest, updated_at) select value, 1, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
    activity(
      `insert into notification_watermarks (user_id, group_key, seen_version)
       select ?1, 'room:' || value, 1 from json_each(?2)`,
      ...[owner.id, ids],
    ),
    activity(
      `insert into inbox (subscriber, event_id, handled_at, occurred_at)
       select 'notifications.tell-added', value, ?1, ?1 from json_each(?2)`,
      ...[now, ids],
    ),
  ])
  await growRooms(world, ids)
  const catalog = (sql: string, ...values: unknown[]) => env.CATALOG_DB.prepare(sql).bind(...values)
  await catalog(
    `insert into categories (id, name, slug, created_at, updated_at)
     select value, 'Category ' || key, 'more-' || key, ?1, ?1 from json_each(?2)`,
    ...[now, ids],
  ).run()
  await growProducts(MANY, JSON.parse(ids))
  await growReviews(owner, ids)
  await env.CATALOG_DB.batch([
    catalog(
      `insert or ignore into product_tags (tag, product_seq) select value, seq from products, json_each(products.tags)`,
    ),
    catalog(
      `insert into product_variants (id, product_seq, sku, attributes, position)
       select 'variant ' || seq, seq, 'variant ' || seq, '{"size":"M"}', 0 from products`,
    ),
    catalog(
      `insert into operations (id, owner_id, kind, input, result_path, created_at, updated_at)
       select value, ?1, 'products.process', '{}', '/products', ?2, ?2 from json_each(?3)`,
      ...[world.owner.id, now, ids],
    ),
    catalog(
      `insert into inbox (subscriber, event_id, handled_at, occurred_at) select 'catalog.any', value, ?1, ?1
       from json_each(?2)`,
      ...[now, ids],
    ),
  ])
}
