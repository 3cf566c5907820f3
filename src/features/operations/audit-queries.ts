import { type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import type { AuditFilter } from './schemas.ts'

/** So many acts are looked at for one page, where more than one thing about them is asked. */
export const MOST_SCANNED = 1_000

export interface AuditRow {
  id: string
  action: string
  actorId: string | null
  actorUsername: string | null
  targetType: string
  targetId: string
  targetUsername: string | null
  reason: string | null
  ip: string | null
  userAgent: string | null
  correlationId: string
  /** JSON text. */
  details: string | null
  at: number
}

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
 * The newest acts that fit. One index leads, that of the rarest thing asked: what was acted on, who acted, which act.
 * The rest is looked for among the next thousand of those, so that a page costs the same however long the trail is.
 */
export async function listActs(db: Db, { filter, after, limit }: AuditSearch): Promise<AuditScan> {
  const [lead, ...rest] = conditionsOf(filter)
  const within = [...timesOf(filter), ...(after ? [sql`(at, id) < (${after[0]}, ${after[1]})`] : [])]
  const leading = allOf([...(lead ? [lead] : []), ...within])
  if (rest.length === 0) {
    return { rows: await db.all(shown(sql`audit where ${leading}`, limit)), stoppedAt: undefined }
  }
  const newest = sql`from audit where ${leading} order by at desc, id desc`
  const [rows, ends] = await Promise.all([
    db.all<AuditRow>(shown(sql`(select * ${newest} limit ${MOST_SCANNED}) as audit where ${allOf(rest)}`, limit)),
    db.all<{ at: number; id: string }>(sql`select at, id ${newest} limit 1 offset ${MOST_SCANNED - 1}`),
  ])
  const end = ends[0]
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

function timesOf({ from, to }: AuditFilter): SQL[] {
  return [
    ...(from === undefined ? [] : [sql`at >= ${Date.parse(from)}`]),
    ...(to === undefined ? [] : [sql`at < ${Date.parse(to)}`]),
  ]
}

function allOf(conditions: SQL[]): SQL {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

function shown(source: SQL, limit: number): SQL {
  return sql`
    select audit.id, audit.action, audit.actor_id as actorId, audit.target_type as targetType,
      audit.target_id as targetId, audit.reason, audit.ip, audit.user_agent as userAgent,
      audit.correlation_id as correlationId, audit.details, audit.at,
      (select username from users where users.id = audit.actor_id) as actorUsername,
      (select username from users where users.id = audit.target_id and audit.target_type = 'user') as targetUsername
    from ${source} order by audit.at desc, audit.id desc limit ${limit}
  `
}
