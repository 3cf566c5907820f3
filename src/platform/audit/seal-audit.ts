import { sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import { ConstraintFailed, commitSteps } from '../db/commit.ts'
import type { D1Client } from '../db/metered-d1.ts'
import { drizzleOver } from '../db/store.ts'
import { LOG, type Logger } from '../observability/log.ts'
import { AUDIT_COLUMNS, type AuditRow, genesisHash, nextHash, showHash } from './chain.ts'

export interface SealPorts {
  /** The name by which its chain begins, as in `DATABASES`. */
  database: string
  client: D1Client
  log: Logger
  clock: Clock
}

/** A round costs two trips, so a run ends after twenty and leaves the rest to the next minute. */
const LIMITS = { rowsPerRound: 500, rounds: 10 }

/** A row of `audit_seals`, but for when. */
interface Seal {
  position: number
  auditId: string
  auditRow: number
  hash: string
}

/**
 * Chains the audit rows that have no seal yet, in the order of their rowids, and logs each new head, which so is
 * known outside of the database. That order is the order of their commits: SQLite numbers a row one above the
 * highest, D1 has one writer, and nothing is ever deleted. So a row that commits meanwhile has a higher number and
 * is the next run's. Nothing is kept between runs, and a run that dies in between has sealed whole rounds or none.
 * Of two runs at once one writes a position first, the other stops without a word.
 * @returns how many rows this run has sealed
 * @throws the database's own error; ConstraintFailed where a seal is refused although nobody else has sealed
 */
export async function sealAudit(ports: SealPorts, limits = LIMITS): Promise<number> {
  const { database, client, log, clock } = ports
  let sealed = 0
  for (let round = 1; round <= limits.rounds; round += 1) {
    const { head, rows } = await readUnsealed(client, limits.rowsPerRound)
    const seals = await chain(head ?? { position: 0, hash: await genesisHash(database) }, rows)
    const last = seals.at(-1)
    if (last === undefined || !(await append(client, seals, clock()))) break
    sealed += seals.length
    log.info(LOG.auditSealed, { database, position: last.position, hash: showHash(last.hash), rows: seals.length })
    if (seals.length < limits.rowsPerRound) break
  }
  return sealed
}

interface Head {
  position: number
  hash: string
}

type UnsealedRow = AuditRow & { id: string; audit_row: number }

const HEAD = 'select position, hash from audit_seals order by position desc limit 1'
const UNSEALED = `select rowid as audit_row, ${AUDIT_COLUMNS.join(', ')} from audit
  where rowid > coalesce((select audit_row from audit_seals order by position desc limit 1), 0)
  order by rowid limit ?`

/** One trip, and one moment of the database: the rows are those right after the head. */
async function readUnsealed(client: D1Client, limit: number): Promise<{ head?: Head; rows: UnsealedRow[] }> {
  const answers = await client.batch([client.prepare(HEAD), client.prepare(UNSEALED).bind(limit)])
  const [head] = resultsOf<Head>(answers, 0)
  return { ...(head && { head }), rows: resultsOf<UnsealedRow>(answers, 1) }
}

/** `Row` is what the statement at this place in the batch selects, column by column. */
function resultsOf<Row>(answers: D1Result[], place: number): Row[] {
  return (answers[place]?.results ?? []) as Row[]
}

async function chain(head: Head, rows: readonly UnsealedRow[]): Promise<Seal[]> {
  const seals: Seal[] = []
  let { position, hash } = head
  for (const row of rows) {
    position += 1
    hash = await nextHash(hash, row)
    seals.push({ position, auditId: row.id, auditRow: row.audit_row, hash })
  }
  return seals
}

/**
 * All of the seals or none, in one statement. False where another run was first. A lost answer is not asked for
 * again: the next run sees what became of it.
 */
async function append(client: D1Client, seals: readonly Seal[], sealedAt: number): Promise<boolean> {
  const insert = sql`
    insert into audit_seals (position, audit_id, audit_row, hash, sealed_at)
    select value ->> 'position', value ->> 'auditId', value ->> 'auditRow', value ->> 'hash', ${sealedAt}
    from json_each(${JSON.stringify(seals)})`
  try {
    await commitSteps({ db: drizzleOver(client), client }, [insert])
    return true
  } catch (error) {
    // Only a head that has moved proves another run. Without one this would fail alike for ever, and unheard.
    if (error instanceof ConstraintFailed && (await isSealed(client, seals[0]?.position))) return false
    throw error
  }
}

async function isSealed(client: D1Client, position: number | undefined): Promise<boolean> {
  const found = client.prepare('select position from audit_seals where position = ?').bind(position ?? 0)
  return (await found.all()).results.length > 0
}
