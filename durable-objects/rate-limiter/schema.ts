import type { Migration } from '../shared/migrations.ts'

/** Append-only. */
export const MIGRATIONS: readonly Migration[] = [
  `
  -- One row a bucket; what the columns mean is in src/platform/rate-limit/count.ts.
  create table buckets (
    bucket text primary key,
    at integer not null,
    current real not null,
    previous real not null,
    -- From here on the row means nothing.
    until integer not null
  );
  create index buckets_by_end on buckets (until);
  `,
]
