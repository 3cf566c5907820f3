import type { QueryPlan } from './query-plans.ts'

/** What reads no more than it is asked for, however many rows a table has. */
const BOUNDED = [
  /^SEARCH /,
  // `json_each`, and full-text indexes where something is matched or a row is named.
  /^SCAN \w+ VIRTUAL TABLE INDEX ([13]:$|\d+:.*[M=<>])/,
  /^SCAN (\d+ )?CONSTANT ROWS?$/,
  // How the steps hang together, and what they have just read.
  /^((CORRELATED )?(SCALAR|LIST) |LEFT-MOST |REUSE (LIST )?)SUBQUERY( \d+)?$/,
  /^(CO-ROUTINE|MATERIALIZE) /,
  /^(COMPOUND QUERY|UNION ALL|UNION USING TEMP B-TREE|MERGE \(.+\)|LEFT|RIGHT|SETUP|RECURSIVE STEP)$/,
  /^(MULTI-INDEX OR|INDEX \d+|CREATE BLOOM FILTER)$/,
  /^USING (INDEX \w+|ROWID SEARCH ON TABLE \w+) FOR IN-OPERATOR$/,
  /^SCAN \(subquery-\d+\)/,
  // The permissions of one person.
  /^USE TEMP B-TREE FOR json_group_array\(DISTINCT\)$/,
]
const SORTS = /^USE TEMP B-TREE FOR /
const SCANS = /^SCAN (\w+)( USING (?:COVERING )?INDEX \w+)?$/

const ALL_ROLES = 'come with the migrations, as many as the code knows'
const ONE_ROW = 'has one row'

/** Tables that may be read from end to end, and why they stay small. */
export const SMALL_TABLES: Record<QueryPlan['of'], Record<string, string>> = {
  database: {
    roles: ALL_ROLES,
    permissions: ALL_ROLES,
    role_permissions: ALL_ROLES,
    categories: 'are 2,000 at most, and the tree is remembered',
    dev_mails: 'the mailbox of development, which keeps the newest few',
  },
  object: {
    room: ONE_ROW,
    attendance: ONE_ROW,
    socket_totals: 'has a row for each kind of object that holds sockets',
    blocks: 'has a row for each of a pair',
    present: 'has rows in rooms that tell by name who is here: 100 members',
    invites: 'are 50 at a time',
    leases: 'are 200 at most',
    tickets: 'live as long as a ticket: half a minute',
    ended: 'are remembered until every isolate knows of them: seconds',
    watches: 'are the sockets of one person',
    renewals: 'are looked through by an alarm each nine days: the sessions of one person',
    isolates: 'are looked through by the hourly alarm: those of the last hours',
    open_sockets: 'are looked through by the hourly alarm of the one object that knows them',
    subscribers: 'are read once when the object wakes, and looked up in memory from then on',
  },
}

/** Statements that sort or scan all the same: what no other one has in it, and why what they read is bounded. */
const EXCEPTIONS: readonly { sql: RegExp; because: string }[] = [
  { sql: /limit 1\d{3}\) as found/, because: 'a list has counted its candidates: 1,000 at most are sorted' },
  { sql: /from \( select id from users where "username" >= \?/, because: 'three lists of a page each are sorted' },
  { sql: /in \(select id from \(select id from users where .* limit \?\)\)/, because: 'one page is sorted' },
  { sql: /from json_each\(\?\) order by key$/, because: 'as many as one request names' },
  { sql: /from "user_permissions" .* order by "permissions"."name" asc$/, because: 'what one person was granted' },
  { sql: /^select distinct "permissions"."name"/, because: 'the permissions of one person’s roles' },
  { sql: /from "passkeys" where "passkeys"."user_id" = \?/, because: 'a person has 20 at most' },
  { sql: /from "api_keys" where "api_keys"."user_id" = \?/, because: 'an export: the keys of one person' },
  { sql: /from "reviews" where "reviews"."user_id" = \?/, because: 'an export: the reviews of one person' },
  { sql: /^select m.room_id as roomId/, because: 'an export: the rooms of one person' },
  { sql: /from room_members g join rooms r/, because: 'of a person’s rooms only the large ones are sorted' },
  { sql: /^select author_id, max\(seq\) as seq from messages/, because: 'what came since the room told it last' },
  {
    sql: /from "(user_names|users)" .* order by "created_at", "rowid" limit 1\)/,
    because: 'the user at whom a list goes on is found by their id, and never taken away: the other way is not taken',
  },
  {
    sql: /from "audit" where id in \(select id from audit where .* limit \?\)/,
    because: 'the newest 1,000 are compared',
  },
  { sql: /from "users" where \("users"."id" in \(select value from json_each/, because: 'as many as one call names' },
  { sql: / where 0$/, because: 'a list that nothing can be on is not looked for' },
  {
    sql: /from "users" where \("users"."erased_at" is null and "users"."deleted_at" is not null/,
    because: 'those who gave up their account and are not erased yet; only those of one moment are sorted',
  },
  { sql: /^delete from "outbox" where is_personal = 1/, because: 'an erasure: events of a day that name somebody' },
  {
    sql: /^insert into "users"/,
    because:
      'SQLite looks through sessions only while a foreign key is broken within the statement; the newest is one row',
  },
]

/** The steps that may read more than is asked for: none where the statement keeps to the allowed shapes. */
export function complainOf({ of, sql, steps }: QueryPlan): string[] {
  const text = sql.replace(/\s+/g, ' ').trim()
  if (EXCEPTIONS.some((exception) => exception.sql.test(text))) return []
  const isSmall = (table: string) => table in SMALL_TABLES[of] || isDerived(text, table)
  const scanned = steps.flatMap((step) => SCANS.exec(step)?.[1] ?? [])
  const isOfSmallOnes = scanned.length > 0 && scanned.every(isSmall)
  // In the order of an index or of the table itself, a statement ends where it has as many rows as it wants.
  const endsEarly = /\blimit\b/i.test(text) && !steps.some((step) => SORTS.test(step))
  return steps.filter((step) => {
    if (BOUNDED.some((shape) => shape.test(step))) return false
    const table = SCANS.exec(step)?.[1]
    return table === undefined ? !SORTS.test(step) || !isOfSmallOnes : !isSmall(table) && !endsEarly
  })
}

/** What the statement has made itself: a subquery with a name, or a `with`. */
function isDerived(text: string, name: string): boolean {
  return new RegExp(`\\) (as )?"?${name}"?([ ,)]|$)|\\b${name} (\\([^)]*\\) )?as (materialized )?\\(`, 'i').test(text)
}
