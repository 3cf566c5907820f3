import type { Migration } from '../shared/migrations.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- Tickets that have been redeemed: kept until they would have expired anyway.
  create table tickets (
    id text primary key,
    expires_at integer not null
  );
  -- Where each session has had a socket open: a room's object, or '' for the one here. Looked at again when the
  -- session would expire, unless it was renewed meanwhile.
  create table watches (
    session_id text not null,
    object_name text not null,
    until integer not null,
    primary key (session_id, object_name)
  );
  create index watches_by_time on watches (until);
  -- Sessions that have ended, for as long as an isolate may not know it yet. '' stands for all that began by then.
  create table ended (
    session_id text primary key,
    at integer not null
  );
  `,
  `
  -- Events that were handled here: a queue repeats. Kept as long as a queue may do so.
  create table inbox (
    event_id text primary key,
    handled_at integer not null
  );
  create index inbox_by_time on inbox (handled_at);
  `,
]
