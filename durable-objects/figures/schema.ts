import type { Migration } from '../shared/migrations.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- What was counted in one stretch of time, as JSON: one row however many series there are.
  create table buckets (
    step_ms integer not null,
    at integer not null,
    counts text not null,
    primary key (step_ms, at)
  ) without rowid;

  -- The last flush of each isolate that was heard.
  create table isolates (
    id text primary key,
    number integer not null,
    seen_at integer not null
  ) without rowid;

  -- Objects that have sockets open, as they said last; and how many those are together.
  create table open_sockets (
    object text primary key,
    kind text not null,
    count integer not null,
    told_at integer not null
  ) without rowid;
  create table socket_totals (
    kind text primary key,
    count integer not null
  ) without rowid;
  `,
]
