import { IDEMPOTENCY_TABLE } from '../shared/idempotency.ts'
import type { Migration } from '../shared/migrations.ts'
import { OUTBOX_TABLE } from '../shared/outbox.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  create table room (
    id text primary key,
    object_name text not null,
    type text not null check (type in ('private', 'group')),
    name text not null,
    created_by text not null,
    created_at integer not null,
    -- What has been told to the databases: everything up to this seq, at this time.
    summarised_seq integer not null default 0,
    summarised_at integer not null default 0
  );
  create table members (
    user_id text primary key,
    username text not null,
    avatar text,
    role text not null check (role in ('owner', 'moderator', 'member')),
    joined_at integer not null,
    -- The newest seq that was on this person's screen.
    seen_seq integer not null default 0,
    -- Up to where an absent person has been told of what is new, by which notification.
    notified_seq integer not null default 0,
    notification_id text not null
  );
  create table messages (
    seq integer primary key,
    id text not null unique,
    author_id text not null references members (user_id),
    client_message_id text,
    type text not null,
    content text not null,
    created_at integer not null,
    edited_at integer
  );
  create unique index messages_by_client_id on messages (author_id, client_message_id)
    where client_message_id is not null;
  `,
  OUTBOX_TABLE,
  IDEMPOTENCY_TABLE,
  `
  -- People who have a socket of their own, elsewhere: their objects are told what happens here, until then.
  create table subscribers (
    user_id text primary key,
    username text not null,
    until integer not null
  );
  `,
]
