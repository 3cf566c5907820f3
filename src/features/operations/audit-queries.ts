import { desc, type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import { audit } from '../../platform/db/platform-tables.ts'
import type { Db } from '../../platform/db/store.ts'
import type { AuditFilter } from './schemas.ts'

/** So many acts of a database are looked at for one page, where more than one thing about them is asked. */
export const MOST_SCANNED = 1_000

export type AuditRow = Awaited<ReturnType<typeof selectActs>>[number]

export interface AuditScan {
  rows: AuditRow[]
  /** Where the look ended because it had seen enough; what comes after that may fit too. */
  stoppedAt: TimePlace | undefined
}

interface AuditSearch {
  filter: AuditFilter
  after: TimePlace | undefined
  limit: number
}

/**
 * The newest acts of one database that fit. One index leads, that of the rarest thing asked: what was acted on, who acted, which act;
 * that of time where only an address or a request is asked for.
 * The rest is looked for among the next thousand of those, so that a page costs the same however long the trail is.
 */
export async function listActs(db: Db, { filter, after, limit }: AuditSearch): Promise<AuditScan> {
  const [[lead, ...others], unindexed] = [conditionsOf(filter), unindexedOf(filter)]
  const rest = [...others, ...unindexed]
  const within = [...timesOf(filter), ...(after ? [sql`(at, id) < (${after[0]}, ${after[1]})`] : [])]
  const leading = allOf([...(lead ? [lead] : []), ...within])
  if (rest.length === 0) return { rows: await selectActs(db, leading, limit), stoppedAt: undefined }
  const newest = sql`select id from audit where ${leading} order by at desc, id desc`
  const [rows, [end]] = await db.batch([
    selectActs(db, sql`id in (${newest} limit ${MOST_SCANNED}) and ${allOf(rest)}`, limit),
    db
      .select({ at: audit.at, id: audit.id })
      .from(audit)
      .where(sql`id = (${newest} limit 1 offset ${MOST_SCANNED - 1})`),
  ])
  return { rows, stoppedAt: end && [end.at, end.id] }
}

/** Rarest first. */
function conditionsOf({ targetId, actorId, action }: AuditFilter): SQL[] {
  return [
    ...(targetId === undefined ? [] : [sql`target_id = ${targetId}`]),
    ...(actorId === undefined ? [] : [sql`actor_id = ${actorId}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
  ]
}

/** What no index leads to, and which is looked for among the newest only. */
function unindexedOf({ ip, requestId }: AuditFilter): SQL[] {
  return [
    ...(ip === undefined ? [] : [sql`ip = ${ip}`]),
    ...(requestId === undefined ? [] : [sql`correlation_id = ${requestId}`]),
  ]
}

function timesOf({ from, to }: AuditFilter): SQL[] {
  return [
    ...(from === undefined ? [] : [sql`at >= ${Date.parse(from)}`]),
    ...(to === undefined ? [] : [sql`at < ${Date.parse(to)}`]),
  ]
}

function allOf(conditions: SQL[]): SQL {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

function selectActs(db: Db, where: SQL, limit: number) {
  return db.select().from(audit).where(where).orderBy(desc(audit.at), desc(audit.id)).limit(limit)
}

/** What those of these ids who are people are called now. */
export async function findUsernames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.all<{ id: string; username: string }>(
    sql`select id, username from users where id in (select value from json_each(${JSON.stringify(ids)}))`,
  )
  return new Map(rows.map(({ id, username }) => [id, username]))
}
