import type { Problem } from './audit-report.ts'
import { type ReadRows, readPages } from './read-rows.ts'
import type { SealedTrail } from './verify-seals.ts'

interface NumberedRow {
  row_id: number
  audit_id: string
  position: number | null
}

/**
 * Walks the rows up to the rowid `last` and looks for what no seal tells of: rows without a seal among sealed ones,
 * and numbers that no row has. SQLite numbers rows without gap and nothing deletes them, so a gap is a row that
 * somebody took away, sealed or not. (The newest ones leave no gap: only a head from outside tells of those.)
 */
export async function verifyRows(
  read: ReadRows,
  { last, trail, pageSize }: { last: number; trail: SealedTrail; pageSize: number },
): Promise<{ unsealed: number; problems: Problem[] }> {
  const problems: Problem[] = []
  let unsealed = 0
  let previous = 0
  const rows = readPages<NumberedRow>(read, {
    columns:
      'a.rowid as row_id, a.id as audit_id, (select min(position) from audit_seals where audit_id = a.id) as position',
    from: 'audit a',
    by: { sql: 'a.rowid', name: 'row_id' },
    last,
    pageSize,
  })
  for await (const { row_id: row, audit_id: auditId, position } of rows) {
    const lost = row - previous - 1 - countBetween(trail.missingRows, previous, row)
    if (lost > 0) {
      const what = `${lost} of the rows between ${previous} and ${row} are missing, and no seal tells of them.`
      problems.push({ flaw: 'row-missing', what })
    }
    previous = Math.max(previous, row)

    // What was sealed since the walk began is of no interest to it.
    if (position !== null && position <= (trail.head?.position ?? 0)) continue
    if (row > trail.lastRow) unsealed += 1
    else if (!trail.gaps.some(({ after, before }) => row > after && row < before)) {
      problems.push({ flaw: 'row-inserted', what: `The row ${row} has no seal, and rows after it have one.`, auditId })
    }
  }
  return { unsealed, problems }
}

function countBetween(numbers: readonly number[], after: number, before: number): number {
  return before - after === 1 ? 0 : numbers.filter((number) => number > after && number < before).length
}
