import type { AuditReport, Head, Problem } from './audit-report.ts'
import { showHash } from './chain.ts'
import { exact, type ReadRows } from './read-rows.ts'
import { verifyRows } from './verify-rows.ts'
import { type SealedTrail, verifySeals } from './verify-seals.ts'

export interface VerifyOptions {
  /** The name by which its chain begins, as in `DATABASES`. */
  database: string
  /** A head that is known from outside, e.g. from the log: only it tells whether the end was cut off. */
  anchor?: Head | undefined
  /** Rows a read. */
  pageSize?: number
}

const TABLES = ['audit', 'audit_seals']
const TRIGGERS = TABLES.flatMap((table) => [`${table}_no_update`, `${table}_no_delete`])

/**
 * Computes the chain of one database anew, page by page, and compares it with the seals. What is written while it
 * reads disturbs nothing: it looks at what was there when it began.
 * @throws whatever `read` throws
 */
export async function verifyAudit(read: ReadRows, options: VerifyOptions): Promise<AuditReport> {
  const { database, anchor, pageSize = 500 } = options
  const names = await read("select name from sqlite_schema where type in ('table', 'trigger')")
  const known = new Set(names.map(({ name }) => name))
  const problems = missing(known)
  const hasTrail = TABLES.some((table) => known.has(table))
  const report: AuditReport = { database, hasTrail, sealed: 0, unsealed: 0, head: null, problems }
  let trail: SealedTrail | undefined
  if (TABLES.every((table) => known.has(table))) {
    // One statement, so that both ends are of one moment.
    const [end] = await read(
      'select coalesce((select max(position) from audit_seals), 0) as position, coalesce((select max(rowid) from audit), 0) as row_id',
    )
    trail = await verifySeals(read, { database, last: exact(end?.position), anchor: anchor?.position, pageSize })
    const rows = await verifyRows(read, { last: exact(end?.row_id), trail, pageSize })
    Object.assign(report, { sealed: trail.sealed, unsealed: rows.unsealed, head: trail.head })
    problems.push(...trail.problems, ...rows.problems)
  }
  if (anchor) problems.push(...compareHead(anchor, trail))
  return report
}

/** A database without any of it was never to have a trail; one with a part of it has lost the rest. */
function missing(known: ReadonlySet<unknown>): Problem[] {
  if (![...TABLES, ...TRIGGERS].some((name) => known.has(name))) return []
  const tables = TABLES.filter((name) => !known.has(name)).map(
    (name): Problem => ({
      flaw: 'table-missing',
      what: `The table ${name} is missing: dropped, or its migrations were not applied.`,
    }),
  )
  const triggers = TRIGGERS.filter((name) => !known.has(name)).map(
    (name): Problem => ({ flaw: 'trigger-missing', what: `The trigger ${name} is missing: the table can be changed.` }),
  )
  return [...tables, ...triggers]
}

function compareHead({ position, hash }: Head, trail: SealedTrail | undefined): Problem[] {
  const found = trail?.hashAtAnchor
  if (found === hash) return []
  if (found === undefined) {
    const what = `There is no seal at position ${position}, where a head was anchored: the chain was cut off or emptied.`
    return [{ flaw: 'head-missing', what, position }]
  }
  const what = `The hash at position ${position} is ${showHash(found)} and was anchored as another: the chain was written anew.`
  return [{ flaw: 'head-differs', what, position }]
}
