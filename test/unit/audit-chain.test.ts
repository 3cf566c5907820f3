import { getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  AUDIT_COLUMNS,
  type AuditRow,
  canonicalRow,
  genesisHash,
  nextHash,
  showHash,
} from '../../src/platform/audit/chain.ts'
import { audit } from '../../src/platform/db/platform-tables.ts'
import { redact } from '../../src/platform/observability/redact.ts'

const FIRST: AuditRow = {
  id: '0193',
  action: 'SIGNED_IN',
  actor_id: null,
  target_type: 'user',
  target_id: 'u-1',
  reason: null,
  ip: '203.0.113.7',
  user_agent: 'Mäuse "7"\n🐭',
  correlation_id: 'c-1',
  details: '{"role":"admin"}',
  at: 1_764_000_000_000,
}
const SECOND: AuditRow = {
  id: '0194',
  action: 'SESSIONS_REVOKED',
  actor_id: 'u-2',
  target_type: 'user',
  target_id: 'u-1',
  reason: 'lost',
  ip: '::1',
  user_agent: null,
  correlation_id: 'c-2',
  details: null,
  at: 1_764_000_000_001,
}

/**
 * Made with coreutils, where GENESIS and FIRST are the hashes before:
 *   printf '%s' '["selvage audit chain","core"]' | sha256sum
 *   printf '%s\n%s' GENESIS '[1,"0193","SIGNED_IN",null,"user","u-1",null,"203.0.113.7","Mäuse \"7\"\n🐭","c-1",…]' | sha256sum
 *   printf '%s\n%s' FIRST '[1,"0194","SESSIONS_REVOKED","u-2","user","u-1","lost","::1",null,"c-2",null,…]' | sha256sum
 */
const VECTOR = {
  genesis: 'dc5d62eb51b9d0a60482e616f2147dda9848f328b583fdd97ce66c9128964b03',
  first: '4cdec7c1e41cedfaaf4013740bbf60424a4dbcc991cb7071e06c43602577363c',
  second: '0a84972979e6248703479223e9550ed7afec5b5e5369a0fc5ed8872d0fcb87b0',
}

describe('the chain over an audit trail', () => {
  it('has the hashes that it has always had: seals that were written stay true', async () => {
    expect(await genesisHash('core')).toBe(VECTOR.genesis)
    expect(await nextHash(VECTOR.genesis, FIRST)).toBe(VECTOR.first)
    expect(await nextHash(VECTOR.first, SECOND)).toBe(VECTOR.second)
  })

  it('covers every column of the table', () => {
    const columns = Object.values(getTableColumns(audit)).map(({ name }) => name)
    expect([...AUDIT_COLUMNS].toSorted()).toEqual(columns.toSorted())
  })

  it.each(AUDIT_COLUMNS)('gives another hash where %s is another', async (column) => {
    const hashes = await Promise.all(
      [FIRST[column], null, 'null', '', 'x', 0].map((value) => nextHash(VECTOR.genesis, { ...FIRST, [column]: value })),
    )
    const distinct = FIRST[column] === null ? 5 : 6
    expect(new Set(hashes).size).toBe(distinct)
    expect(hashes[0]).toBe(VECTOR.first)
  })

  it.each([
    ['moves from one column to the next', { target_type: 'user"', target_id: ',"u-1' }],
    ['is shifted by a quote', { reason: '"', ip: '203.0.113.7' }],
    ['holds what another column ends with', { target_type: 'us', target_id: 'eru-1' }],
  ])('tells rows apart whose text %s', (_how, change) => {
    expect(canonicalRow({ ...FIRST, ...change })).not.toBe(canonicalRow(FIRST))
    expect(JSON.parse(canonicalRow({ ...FIRST, ...change }))).toHaveLength(AUDIT_COLUMNS.length + 1)
  })

  it('begins elsewhere in each database', async () => {
    expect(await genesisHash('activity')).not.toBe(await genesisHash('core'))
  })

  it('refuses a row of which a column was not read', () => {
    const { reason: _, ...rest } = FIRST
    expect(() => canonicalRow(rest as AuditRow)).toThrow('reason')
  })

  it('shows its hashes in a form that a log does not take for a secret', () => {
    const shown = showHash(VECTOR.first)
    expect(shown).toBe('4cdec7c1e41cedfa:af4013740bbf6042:4a4dbcc991cb7071:e06c43602577363c')
    expect(redact({ hash: shown })).toEqual({ hash: shown })
    expect(redact({ hash: VECTOR.first })).not.toEqual({ hash: VECTOR.first })
  })
})
