import type { Head, Problem } from './audit-report.ts'
import { AUDIT_COLUMNS, type AuditRow, genesisHash, nextHash } from './chain.ts'
import { type ReadRows, readPages } from './read-rows.ts'

/** What the seals say, and what the walk over the rows needs to know of them. */
export interface SealedTrail {
  sealed: number
  head: Head | null
  /** The rowid of the last sealed row, 0 where there is none. */
  lastRow: number
  /** Rowids that a seal names and no row has. */
  missingRows: number[]
  /** Between these rowids, ends not included, the rows lack their seals. */
  gaps: { after: number; before: number }[]
  /** The hash at the position that was asked for. */
  hashAtAnchor?: string
  problems: Problem[]
}

/** A seal with its row, whose columns are all null where it is gone. */
type SealedRow = AuditRow & {
  position: number
  audit_id: string
  audit_row: number
  hash: string
  row_id: number | null
}

const COLUMNS = [
  's.position, s.audit_id, s.audit_row, s.hash, a.rowid as row_id',
  ...AUDIT_COLUMNS.map((c) => `a.${c}`),
]

/**
 * Walks the seals up to the position `last` and computes each hash from the one that is stored before it, so that one
 * broken place does not hide the next.
 */
export async function verifySeals(
  read: ReadRows,
  {
    database,
    last,
    anchor,
    pageSize,
  }: { database: string; last: number; anchor: number | undefined; pageSize: number },
): Promise<SealedTrail> {
  const trail: SealedTrail = { sealed: 0, head: null, lastRow: 0, missingRows: [], gaps: [], problems: [] }
  const report = (flaw: Problem['flaw'], what: string, { position, audit_id: auditId }: SuspectSeal | SealedRow) =>
    trail.problems.push({ flaw, what, position, auditId })
  let previous: Head = { position: 0, hash: await genesisHash(database) }
  /** The last seal, if it does not fit: the next one tells what was changed. */
  let suspect: SuspectSeal | undefined

  const seals = readPages<SealedRow>(read, {
    columns: COLUMNS.join(', '),
    from: 'audit_seals s left join audit a on a.id = s.audit_id',
    by: { sql: 's.position', name: 'position' },
    last,
    pageSize,
  })
  for await (const seal of seals) {
    trail.sealed += 1
    if (seal.position < 1) {
      report('seal-out-of-order', 'A seal stands before the first position.', seal)
      continue
    }
    const isNext = seal.position === previous.position + 1
    if (!isNext) {
      const missing = range(previous.position + 1, seal.position - 1)
      report('seal-missing', `The seals at ${missing} are missing, so the next one cannot be checked.`, seal)
      trail.gaps.push({ after: trail.lastRow, before: seal.audit_row })
    }
    if (seal.audit_row <= trail.lastRow) {
      report('seal-out-of-order', `Its row, ${seal.audit_row}, does not come after that of the seal before.`, seal)
    }
    if (seal.row_id === null) {
      report('row-missing', `The row ${seal.audit_row} is missing.`, seal)
      trail.missingRows.push(seal.audit_row)
    } else if (seal.row_id !== seal.audit_row) {
      report('row-moved', `The row was sealed as row ${seal.audit_row} and is row ${seal.row_id} now.`, seal)
    }

    const computed = isNext && seal.row_id !== null ? await nextHash(previous.hash, seal) : undefined
    const fits = computed === seal.hash
    const fitsCorrected = !fits && computed && suspect && (await nextHash(suspect.computed, seal)) === seal.hash
    if (suspect) report(...judge(fits, Boolean(fitsCorrected)), suspect)
    suspect = computed && !fits && !fitsCorrected ? { ...place(seal), computed } : undefined

    if (seal.position === anchor) trail.hashAtAnchor = seal.hash
    previous = { position: seal.position, hash: seal.hash }
    trail.head = previous
    trail.lastRow = Math.max(trail.lastRow, seal.audit_row)
  }
  if (suspect) report(...judge(false, false), suspect)
  return trail
}

interface SuspectSeal {
  position: number
  audit_id: string
  /** The hash that it should have had. */
  computed: string
}

function place({ position, audit_id }: SealedRow): Pick<SealedRow, 'position' | 'audit_id'> {
  return { position, audit_id }
}

/** What was changed where a seal does not fit, by the seal after it: does that fit it, or fit what it should be? */
function judge(nextFits: boolean, nextFitsCorrected: boolean): [Problem['flaw'], string] {
  if (nextFits) return ['row-changed', 'The row was changed after it was sealed.']
  if (nextFitsCorrected) return ['seal-changed', 'The hash of the seal was changed; its row was not.']
  return ['hash-mismatch', 'The row or its seal was changed; nothing intact follows that would tell which.']
}

function range(from: number, to: number): string {
  return from === to ? `position ${from}` : `positions ${from} to ${to}`
}
