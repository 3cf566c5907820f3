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
  `
  -- A row while the person has a socket here, and for a short grace after the last one.
  create table attendance (
    one integer primary key check (one = 1),
    -- When they count as gone; null while a socket is open.
    gone_at integer,
    -- When the list of their rooms is to be read again.
    list_at integer not null
  );
  -- The rooms that relay to the sockets here, or are still to hear that the person is gone.
  create table leases (
    room_id text primary key,
    object_name text not null,
    -- Until when the room may relay by itself; 0 where it must be asked first.
    leased_until integer not null,
    -- When to call the room next.
    due_at integer not null,
    -- How many calls in a row have failed.
    failures integer not null default 0
  );
  create index leases_by_due on leases (due_at);
  `,
  `
  -- A row of a table whose key is no number counts twice, and once more for each index: these are written most, and few.
  alter table leases rename to leases_by_row;
  drop index leases_by_due;
  create table leases (
    room_id text primary key,
    object_name text not null,
    leased_until integer not null,
    due_at integer not null,
    failures integer not null default 0
  ) without rowid;
  insert into leases select room_id, object_name, leased_until, due_at, failures from leases_by_row;
  drop table leases_by_row;

  alter table tickets rename to tickets_by_row;
  create table tickets (
    id text primary key,
    expires_at integer not null
  ) without rowid;
  insert into tickets select id, expires_at from tickets_by_row;
  drop table tickets_by_row;

  alter table watches rename to watches_by_row;
  drop index watches_by_time;
  create table watches (
    session_id text not null,
    object_name text not null,
    until integer not null,
    primary key (session_id, object_name)
  ) without rowid;
  insert into watches select session_id, object_name, until from watches_by_row;
  drop table watches_by_row;
  create index watches_by_time on watches (until);
  `,
]
