import type { Migration } from '../shared/migrations.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- Tickets that have been redeemed: kept until they would have expired anyway.
  create table tickets (
    id text primary key,
    expires_at integer not null
  );
  -- The rooms in which this user has had a socket open, by session: where to close them.
  create table watches (
    object_name text not null,
    session_id text not null,
    until integer not null,
    primary key (object_name, session_id)
  );
  `,
]
