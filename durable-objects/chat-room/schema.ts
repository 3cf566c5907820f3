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
  alter table room add column topic text not null default '';
  alter table room add column join_policy text not null default 'invite';
  alter table room add column who_invites text not null default 'members';
  alter table room add column who_posts text not null default 'members';
  alter table room add column slow_mode_seconds integer not null default 0;
  alter table room add column member_count integer not null default 0;
  -- How often the databases have been told: of two summaries the higher is newer.
  alter table room add column summary_no integer not null default 0;
  -- Deletions up to this seq have been told, and messages up to that one can be searched.
  alter table room add column told_deletions_seq integer not null default 0;
  alter table room add column indexed_seq integer not null default 0;
  update room set member_count = (select count(*) from members);

  -- Who has left keeps the row, because messages name their authors and a ban must be remembered.
  alter table members add column left_at integer;
  alter table members add column banned_at integer;
  alter table members add column banned_by text;
  alter table members add column ban_reason text;
  alter table members add column muted_until integer not null default 0;
  alter table members add column notify text not null default 'all';
  -- Written only where slow mode asks for it.
  alter table members add column last_sent_at integer not null default 0;
  create index members_in on members (joined_at, user_id) where left_at is null;
  create index members_by_name on members (username) where left_at is null;
  create index members_in_charge on members (role, joined_at) where left_at is null and role <> 'member';
  create index members_banned on members (banned_at, user_id) where banned_at is not null;
  -- Whose watermark or mentions the databases have not heard of yet.
  create table untold (user_id text primary key) without rowid;
  insert into untold select user_id from members;

  -- How many messages the room has had up to this one, so that unread ones are counted by subtraction.
  alter table messages add column ordinal integer not null default 0;
  alter table messages add column change_seq integer not null default 0;
  alter table messages add column reply_seq integer;
  alter table messages add column thread_seq integer;
  alter table messages add column reply_count integer not null default 0;
  -- JSON: [{ id, username }], and { emoji: count }.
  alter table messages add column mentions text not null default '[]';
  alter table messages add column reactions text not null default '{}';
  alter table messages add column pinned_seq integer;
  alter table messages add column deleted_at integer;
  update messages set ordinal = seq, change_seq = seq;
  create index messages_by_thread on messages (thread_seq, seq) where thread_seq is not null;
  create index messages_pinned on messages (pinned_seq) where pinned_seq is not null;
  create index messages_deleted on messages (ordinal) where deleted_at is not null;

  create table reactions (
    message_seq integer not null,
    user_id text not null,
    emoji text not null,
    at integer not null,
    primary key (message_seq, user_id, emoji)
  ) without rowid;
  create table mentions (
    user_id text not null,
    message_seq integer not null,
    primary key (user_id, message_seq)
  ) without rowid;

  -- The log of everything that is no new message: with messages.seq it has every number once.
  create table changes (
    seq integer primary key,
    event text not null,
    message_seq integer,
    -- What everybody was told.
    data text not null
  );

  create table invites (
    id text primary key,
    code_hash text not null unique,
    created_by text not null,
    created_at integer not null,
    expires_at integer not null,
    max_uses integer not null,
    uses integer not null default 0,
    user_id text
  );
  create index invites_by_expiry on invites (expires_at);

  -- Whom the room has told to be here, in rooms where it does so by name; and since when they are gone.
  create table present (
    user_id text primary key,
    gone_at integer
  ) without rowid;

  create virtual table message_index using fts5 (
    content, content = '', contentless_delete = 1, tokenize = 'trigram'
  );
  `,
  `
  -- Who of a private pair blocks the other. Rows stay when a block ends: an older word that comes late must not count.
  create table blocks (
    user_id text primary key,
    is_blocked integer not null,
    at integer not null
  );
  `,
  `
  -- People who have a socket of their own, elsewhere: their objects are told what happens here, until then.
  create table subscribers (
    user_id text primary key,
    username text not null,
    until integer not null
  );
  `,
  `
  -- How many messages were deleted: all there are is a subtraction.
  alter table room add column deleted_count integer not null default 0;
  update room set deleted_count = (select count(*) from messages where deleted_at is not null);
  `,
  'create index invites_by_person on invites (user_id) where user_id is not null;',
  `
  -- A row of a table whose key is no number counts twice: each lease is one, and each event.
  alter table subscribers rename to subscribers_by_row;
  create table subscribers (
    user_id text primary key,
    username text not null,
    until integer not null
  ) without rowid;
  insert into subscribers select user_id, username, until from subscribers_by_row;
  drop table subscribers_by_row;

  alter table outbox rename to outbox_by_row;
  ${OUTBOX_TABLE} without rowid;
  insert into outbox select id, type, version, aggregate_type, aggregate_id, sequence, occurred_at, correlation_id,
    traceparent, payload from outbox_by_row;
  drop table outbox_by_row;
  `,
]
