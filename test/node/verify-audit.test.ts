import type { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Head } from '../../src/platform/audit/audit-report.ts'
import { AUDIT_COLUMNS, genesisHash, nextHash } from '../../src/platform/audit/chain.ts'
import { verifyAudit } from '../../src/platform/audit/verify-audit.ts'
import { migrated, migrationsOf } from '../support/node/databases.ts'

const ROWS = 10
/** A hash that is a hash, but not the right one. */
const OTHER = 'f'.repeat(64)

let db: DatabaseSync

beforeEach(async () => {
  db = migrated(migrationsOf('core'))
  for (let n = 1; n <= ROWS; n += 1) act(`act-${n}`)
  await sealFrom(1)
})

const read = async (sql: string) => db.prepare(sql).all()
const verify = (anchor?: Head) => verifyAudit(read, { database: 'core', anchor, pageSize: 3 })

/** What is wrong, as `flaw position id`. */
async function flaws(anchor?: Head): Promise<string[]> {
  const { problems } = await verify(anchor)
  return problems.map(({ flaw, position, auditId }) => [flaw, position, auditId].filter((part) => part).join(' '))
}

function act(id: string, row: number | null = null): void {
  const insert = db.prepare(
    `insert into audit (rowid, id, action, target_type, target_id, correlation_id, at)
     values (?, ?, 'COUNTED', 'counter', 'c', 'correlation', 1764000000000)`,
  )
  insert.run(row, id)
}

/** Seals every row from this position on: what the sealer does, and what somebody does who knows how. */
async function sealFrom(first: number): Promise<void> {
  const hashBefore = db.prepare('select hash from audit_seals where position = ?').get(first - 1)?.hash
  let hash = hashBefore === undefined ? await genesisHash('core') : String(hashBefore)
  const insert = db.prepare('insert into audit_seals values (?, ?, ?, ?, 1764000000000)')
  const rows = db
    .prepare('select rowid as audit_row, * from audit order by rowid')
    .all()
    .slice(first - 1)
  for (const [i, row] of rows.entries()) {
    hash = await nextHash(hash, row as Parameters<typeof nextHash>[1])
    insert.run(first + i, String(row.id), Number(row.audit_row), hash)
  }
}

/** Behind the triggers, which stand again afterwards. */
function tamper(sql: string): void {
  const triggers = db.prepare("select name, sql from sqlite_schema where type = 'trigger' and tbl_name like 'audit%'")
  const found = triggers.all()
  for (const { name } of found) db.exec(`drop trigger ${name}`)
  db.exec(sql)
  for (const trigger of found) db.exec(String(trigger.sql))
}

const headOf = async (): Promise<Head> => {
  const { head } = await verify()
  if (!head) throw new Error('There is no head')
  return head
}

describe('the check of an audit trail', () => {
  it('finds an intact one intact, and its head where it was anchored', async () => {
    const report = await verify()
    expect(report).toMatchObject({ hasTrail: true, sealed: ROWS, unsealed: 0, problems: [] })
    expect(report.head).toEqual({ position: ROWS, hash: expect.stringMatching(/^[\da-f]{64}$/) })
    for (const position of [1, 5, ROWS]) {
      const hash = String(db.prepare('select hash from audit_seals where position = ?').get(position)?.hash)
      expect(await flaws({ position, hash })).toEqual([])
    }
  })

  it('counts the rows that have no seal yet', async () => {
    act('new-1')
    act('new-2')
    expect(await verify()).toMatchObject({ sealed: ROWS, unsealed: 2, problems: [] })
  })

  it('finds nothing wrong with an empty one, nor with a database that never had one', async () => {
    tamper('delete from audit_seals; delete from audit')
    expect(await verify()).toMatchObject({ hasTrail: true, sealed: 0, unsealed: 0, head: null, problems: [] })
    db = migrated([{ sql: 'create table unrelated (id integer)' }])
    expect(await verify()).toMatchObject({ hasTrail: false, problems: [] })
    expect(await flaws({ position: 3, hash: OTHER })).toEqual(['head-missing 3'])
  })

  it.each([1, 5, 9])('names the row that was changed, wherever it stands: %i', async (n) => {
    tamper(`update audit set details = '{"n":1}' where id = 'act-${n}'`)
    expect(await flaws()).toEqual([`row-changed ${n} act-${n}`])
  })

  it.each([
    ...AUDIT_COLUMNS.map((column) => `update audit set ${column} = 7 where rowid = 5`),
    ...['position = 99', "audit_id = 'other'", 'audit_row = 99', `hash = '${OTHER}'`].map(
      (change) => `update audit_seals set ${change} where position = 5`,
    ),
  ])('finds %s', async (change) => {
    tamper(change)
    expect(await flaws()).not.toEqual([])
  })

  it('names every one of several changed rows, and loses its way at none', async () => {
    tamper("update audit set ip = '::1' where id in ('act-2', 'act-5', 'act-9')")
    expect(await flaws()).toEqual(['row-changed 2 act-2', 'row-changed 5 act-5', 'row-changed 9 act-9'])
  })

  it('tells a changed seal from a changed row', async () => {
    tamper(`update audit_seals set hash = '${OTHER}' where position = 4`)
    expect(await flaws()).toEqual(['seal-changed 4 act-4'])
  })

  it('says that it cannot tell which of the two, where nothing intact follows', async () => {
    tamper(`update audit_seals set hash = '${OTHER}' where position = 10`)
    expect(await flaws()).toEqual(['hash-mismatch 10 act-10'])
    tamper("update audit set action = 'OTHER' where rowid in (9)")
    expect(await flaws()).toEqual(['hash-mismatch 9 act-9', 'hash-mismatch 10 act-10'])
  })

  it('finds a row that was taken out, and one that was put in its place', async () => {
    tamper("delete from audit where id = 'act-6'")
    expect(await flaws()).toEqual(['row-missing 6 act-6'])
    act('forged', 6)
    expect(await flaws()).toEqual(['row-missing 6 act-6', 'row-inserted forged'])
  })

  it('finds a row that was put before the others', async () => {
    act('forged', 0)
    expect(await flaws()).toEqual(['row-inserted forged'])
  })

  it('finds a row that was put between, for which the others made room', async () => {
    tamper(
      `update audit set rowid = rowid + 100 where rowid > 8; update audit set rowid = rowid - 99 where rowid > 100`,
    )
    act('forged', 9)
    expect(await flaws()).toEqual(['row-moved 9 act-9', 'row-moved 10 act-10', 'row-inserted forged'])
  })

  it('finds seals that were taken out, and does not blame their rows', async () => {
    tamper('delete from audit_seals where position in (3, 4, 7)')
    const { problems } = await verify()
    expect(problems).toMatchObject([
      { flaw: 'seal-missing', position: 5, what: expect.stringContaining('positions 3 to 4') },
      { flaw: 'seal-missing', position: 8, what: expect.stringContaining('position 7') },
    ])
  })

  it('finds rows that went with their seals', async () => {
    tamper('delete from audit_seals where position in (3, 4); delete from audit where rowid in (3, 4)')
    expect(await flaws()).toEqual(['seal-missing 5 act-5', 'row-missing'])
  })

  it('finds a row that was taken out before it was sealed', async () => {
    for (const id of ['new-1', 'new-2', 'new-3']) act(id)
    tamper("delete from audit where id = 'new-2'")
    expect(await flaws()).toEqual(['row-missing'])
  })

  it('finds rows that were taken out by whoever computed the chain anew, by the numbers they leave', async () => {
    tamper("delete from audit_seals where position > 4; delete from audit where id = 'act-5'")
    await sealFrom(5)
    expect(await flaws()).toEqual(['row-missing'])
  })

  it('finds seals that name their rows in another order', async () => {
    tamper('delete from audit_seals where position > 5; update audit set rowid = 20 - rowid where rowid > 5')
    await sealFrom(6)
    tamper(
      'update audit set rowid = 20 - rowid where rowid > 5; update audit_seals set audit_row = 20 - audit_row where position > 5',
    )
    expect(new Set((await flaws()).map((flaw) => flaw.split(' ')[0]))).toEqual(new Set(['seal-out-of-order']))
  })

  it('finds a seal before the first', async () => {
    db.exec(`insert into audit_seals values (0, 'nobody', 0, '${OTHER}', 1)`)
    expect(await flaws()).toEqual(['seal-out-of-order nobody'])
  })

  it('finds that the end was cut off, or the chain written anew, only by a head that was anchored', async () => {
    const head = await headOf()
    tamper('delete from audit_seals where position > 8; delete from audit where rowid > 8')
    expect(await flaws()).toEqual([])
    expect(await flaws(head)).toEqual(['head-missing 10'])

    act('forged-1')
    act('forged-2')
    await sealFrom(9)
    expect(await flaws()).toEqual([])
    expect(await flaws(head)).toEqual(['head-differs 10'])
  })

  it('gives the same hashes again where only the seals were cut off', async () => {
    const head = await headOf()
    tamper('delete from audit_seals where position > 5')
    expect(await verify()).toMatchObject({ sealed: 5, unsealed: 5, problems: [] })
    await sealFrom(6)
    expect(await flaws(head)).toEqual([])
  })

  it('does not take the trail of another database for this one', async () => {
    const { problems } = await verifyAudit(read, { database: 'activity' })
    expect(problems).toMatchObject([{ flaw: 'row-changed', position: 1 }])
  })

  it('finds a trigger or a table that is gone', async () => {
    db.exec('drop trigger audit_no_delete')
    expect((await verify()).problems).toMatchObject([
      { flaw: 'trigger-missing', what: expect.stringContaining('audit_no_delete') },
    ])
    db.exec('drop table audit_seals')
    expect((await flaws()).toSorted()).toEqual(['table-missing', ...Array(3).fill('trigger-missing')])
  })

  it('is not disturbed by acts and seals that are written while it reads', async () => {
    let reads = 0
    const during = async (sql: string) => {
      const rows = await read(sql)
      reads += 1
      act(`meanwhile-${reads}`)
      await sealFrom(ROWS + reads)
      return rows
    }
    const report = await verifyAudit(during, { database: 'core', pageSize: 2 })
    expect(reads).toBeGreaterThan(10)
    expect(report.problems).toEqual([])
    expect(report.sealed + report.unsealed).toBe(ROWS + 1)
  })

  it('refuses numbers that JavaScript rounds, rather than to read the same page for ever', async () => {
    db.exec(
      "insert into audit (rowid, id, action, target_type, target_id, correlation_id, at) values (9007199254740993, 'far', 'A', 'b', 'c', 'd', 1)",
    )
    const rounding = async (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReadBigInts(true)
      const rows = statement.all() as Record<string, unknown>[]
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : v])),
      )
    }
    await expect(verifyAudit(rounding, { database: 'core' })).rejects.toThrow('9007199254740992')
  })
})
