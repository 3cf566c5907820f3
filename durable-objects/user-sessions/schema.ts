import type { Migration } from '../shared/migrations.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- A session that was renewed: its newest refresh token, and from where it came. Written by each renewal, so it has no
  -- index, and no row beside its key.
  create table renewals (
    session_id text primary key,
    -- The newest refresh token's number, and its SHA-256.
    generation integer not null,
    refresh_hash text not null,
    rotated_at integer not null,
    ip text,
    user_agent text,
    place text
  ) without rowid;
  `,
]
