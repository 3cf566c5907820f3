import { applyD1Migrations, createExecutionContext, createScheduledController, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import worker from '../../src/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import { sealAudit } from '../../src/platform/audit/seal-audit.ts'
import { verifyAudit } from '../../src/platform/audit/verify-audit.ts'
import { type D1Client, MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { newId } from '../../src/platform/ids.ts'
import { createLogger, type Logger } from '../../src/platform/observability/log.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import { sealAll } from '../../src/scheduled.ts'
import { createApi } from '../support/api.ts'
import { FIXTURE_PASSWORD } from '../support/people.ts'

const api = createApi()

/** Lines that were logged at info and above, as they leave the Worker. */
function recordingLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const write = (text: string) => lines.push(JSON.parse(text))
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(write)
  const log = createLogger({ service: 's', environment: 'e', version: 'v', level: 'info', format: 'json' })
  return { log, lines }
}

const { log: silent } = createIsolate(env)

/** One run of the sealer over the core database, with what it cost. */
async function seal(given: { client?: D1Client; log?: Logger; limits?: Parameters<typeof sealAudit>[1] } = {}) {
  const { client = env.DB, log = silent, limits } = given
  const meter = new Meter()
  const ports = { database: 'core', client: new MeteredD1(client, meter, log), log, clock: () => 1_764_000_000_000 }
  const sealed = await sealAudit(ports, limits)
  return { sealed, costs: meter.costs }
}

const query = async <T>(sql: string) => (await env.DB.prepare(sql).all<T>()).results
const verify = (given: { anchor?: { position: number; hash: string } } = {}) =>
  verifyAudit(query, { database: 'core', pageSize: 3, ...given })

/** The core database, with something that happens between what a round reads and what it writes. */
function interrupted(afterRead: () => Promise<unknown>): D1Client {
  return {
    prepare: (sql) => env.DB.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const answers = await env.DB.batch<T>(statements)
      if (statements.length === 2) await afterRead()
      return answers
    },
  }
}

/** Resolves for all once so many have come. */
function meeting(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let arrived = 0
  return () => {
    arrived += 1
    if (arrived === count) resolve()
    return promise
  }
}

interface Seal {
  position: number
  audit_id: string
  audit_row: number
  hash: string
}
const readSeals = () => query<Seal>('select position, audit_id, audit_row, hash from audit_seals order by position')
const readIds = async () => (await query<{ id: string }>('select id from audit order by rowid')).map(({ id }) => id)

async function insertActs(count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newId())
  await env.DB.prepare(
    `insert into audit (id, action, target_type, target_id, correlation_id, details, at)
     select value, 'COUNTED', 'counter', key, 'correlation', '{"n": 1}', 1764000000000 from json_each(?)`,
  )
    .bind(JSON.stringify(ids))
    .run()
}

/** What a person registers, signs in and signs out with leaves three rows. */
async function act(): Promise<void> {
  const email = `${newId()}@people.test`
  const registered = await api.post<{ accessToken: string }>('/v1/auth/register', {
    email,
    password: FIXTURE_PASSWORD,
    firstName: 'Ann',
    lastName: 'Åkesson',
  })
  expect(registered.status).toBe(201)
  expect((await api.post('/v1/auth/login', { email, password: FIXTURE_PASSWORD })).status).toBe(200)
  expect((await api.as(registered.body.data).post('/v1/auth/logout')).status).toBe(200)
}

beforeEach(async () => {
  vi.restoreAllMocks()
  await reset()
  await Promise.all([
    applyD1Migrations(env.DB, env.MIGRATIONS.core),
    applyD1Migrations(env.ACTIVITY_DB, env.MIGRATIONS.activity),
    applyD1Migrations(env.CATALOG_DB, env.MIGRATIONS.catalog),
  ])
})

describe('the audit trail', () => {
  it('refuses to change or to delete a row or a seal (R47.7)', async () => {
    await act()
    await seal()
    for (const table of ['audit', 'audit_seals']) {
      const before = await query(`select * from ${table}`)
      expect(before.length).toBeGreaterThan(0)
      const column = table === 'audit' ? 'reason' : 'hash'
      await expect(query(`update ${table} set ${column} = 'changed'`)).rejects.toThrow('append-only')
      await expect(query(`delete from ${table} where rowid = 1`)).rejects.toThrow('append-only')
      expect(await query(`select * from ${table}`)).toEqual(before)
    }
  })
})

describe('the sealer', () => {
  it('chains what people did, in the order of its rows, each row once (R47.7)', async () => {
    await act()
    await act()
    const ids = await readIds()
    expect(ids.length).toBeGreaterThanOrEqual(4)
    expect((await seal()).sealed).toBe(ids.length)

    const seals = await readSeals()
    expect(seals.map(({ audit_id }) => audit_id)).toEqual(ids)
    expect(seals.map(({ position }) => position)).toEqual(ids.map((_, i) => i + 1))
    expect(await verify()).toMatchObject({ sealed: ids.length, unsealed: 0, problems: [] })

    expect((await seal()).sealed).toBe(0)
    expect(await readSeals()).toEqual(seals)
  })

  it('goes on where it stopped', async () => {
    await insertActs(2)
    await seal()
    const first = await readSeals()
    await insertActs(3)
    expect(await verify()).toMatchObject({ sealed: 2, unsealed: 3, problems: [] })
    expect((await seal()).sealed).toBe(3)
    expect((await readSeals()).slice(0, 2)).toEqual(first)
    expect(await verify()).toMatchObject({ sealed: 5, unsealed: 0, problems: [] })
  })

  it('costs one trip where nothing is new, however long the trail is', async () => {
    await insertActs(40)
    await seal()
    const { sealed, costs } = await seal()
    expect(sealed).toBe(0)
    expect(costs).toMatchObject({ d1Trips: 1, d1RowsWritten: 0 })
    expect(costs.d1RowsRead).toBeLessThan(5)
  })

  it('takes two trips a round and stops after its rounds, and the next run takes the rest', async () => {
    await insertActs(25)
    const limits = { rowsPerRound: 5, rounds: 3 }
    const first = await seal({ limits })
    expect(first.sealed).toBe(15)
    expect(first.costs.d1Trips).toBe(6)
    const second = await seal({ limits: { ...limits, rounds: 5 } })
    expect(second.sealed).toBe(10)
    expect(second.costs.d1Trips).toBe(5)
    expect(await verify()).toMatchObject({ sealed: 25, unsealed: 0, problems: [] })
  })

  it('seals five hundred rows in one round, in one statement', async () => {
    await insertActs(501)
    const { sealed, costs } = await seal()
    expect(sealed).toBe(501)
    expect(costs).toMatchObject({ d1Trips: 4, d1Queries: 6 })
    expect(await verifyAudit(query, { database: 'core' })).toMatchObject({ sealed: 501, problems: [] })
  })

  it('leaves an act that is committed meanwhile to the next run', async () => {
    await insertActs(2)
    const client = interrupted(() => insertActs(1))
    expect((await seal({ client })).sealed).toBe(2)
    expect(await verify()).toMatchObject({ sealed: 2, unsealed: 1, problems: [] })
    expect((await seal()).sealed).toBe(1)
    expect(await verify()).toMatchObject({ sealed: 3, unsealed: 0, problems: [] })
  })

  it('does not fork the chain when two run at once: one writes, the others stop without a word (R47.7)', async () => {
    await insertActs(7)
    const { log, lines } = recordingLog()
    const client = interrupted(meeting(4))
    const all = await Promise.all([1, 2, 3, 4].map(() => seal({ client, log })))
    expect(all.map(({ sealed }) => sealed).toSorted()).toEqual([0, 0, 0, 7])
    expect(lines).toMatchObject([{ message: 'Audit Sealed' }])
    expect(await verify()).toMatchObject({ sealed: 7, unsealed: 0, problems: [] })
  })

  it('stops where another has sealed a part of its rows', async () => {
    await insertActs(6)
    const client = interrupted(() => seal({ limits: { rowsPerRound: 2, rounds: 1 } }))
    expect((await seal({ client })).sealed).toBe(0)
    expect(await verify()).toMatchObject({ sealed: 2, unsealed: 4, problems: [] })
  })

  it.each([
    ['the statement did not arrive', 2],
    ['its answer was lost', 4],
  ])('has sealed whole rounds when it dies because %s, and the next run goes on', async (how, survived) => {
    await insertActs(5)
    let writes = 0
    const client: D1Client = {
      prepare: (sql) => env.DB.prepare(sql),
      batch: async <T>(statements: D1PreparedStatement[]) => {
        if (statements.length === 1) writes += 1
        if (writes === 2 && how === 'its answer was lost') await env.DB.batch(statements)
        if (writes === 2) throw new Error('D1_ERROR: Network connection lost.')
        return env.DB.batch<T>(statements)
      },
    }
    const { log } = recordingLog()
    await expect(seal({ client, log, limits: { rowsPerRound: 2, rounds: 10 } })).rejects.toThrow('connection lost')
    expect(await verify()).toMatchObject({ sealed: survived, unsealed: 5 - survived, problems: [] })
    expect((await seal()).sealed).toBe(5 - survived)
    expect(await verify()).toMatchObject({ sealed: 5, unsealed: 0, problems: [] })
  })

  it('says aloud that it cannot seal, where no other run is the reason', async () => {
    await insertActs(2)
    await seal()
    await tamper('update audit set rowid = 9 where rowid = 1', 'audit_no_update')
    await expect(seal()).rejects.toThrow('audit_seals.audit_id')
  })

  it('logs each new head as one line, in which nothing is taken for a secret, and which anchors it', async () => {
    await insertActs(3)
    const { log, lines } = recordingLog()
    await seal({ log })
    const seals = await readSeals()
    expect(lines).toMatchObject([{ level: 'info', message: 'Audit Sealed', database: 'core', position: 3, rows: 3 }])
    const hash = String(lines[0]?.hash).replaceAll(':', '')
    expect(hash).toBe(seals.at(-1)?.hash)

    // Whoever cuts off the end takes rows and seals: in the database nothing is wrong then.
    await tamper('delete from audit where rowid = 3', 'audit_no_delete')
    await tamper('delete from audit_seals where position = 3', 'audit_seals_no_delete')
    expect((await verify()).problems).toEqual([])
    expect((await verify({ anchor: { position: 3, hash } })).problems).toMatchObject([{ flaw: 'head-missing' }])
  })
})

describe('the minute cron', () => {
  const fire = (cron: string) =>
    worker.scheduled(
      createScheduledController({ cron, scheduledTime: Date.now() }),
      env as Env,
      createExecutionContext(),
    )

  it('seals each database, and the hourly one does not', async () => {
    await act()
    await env.ACTIVITY_DB.prepare(
      `insert into audit (id, action, target_type, target_id, correlation_id, at) values ('a', 'B', 'c', 'd', 'e', 1)`,
    ).run()
    await fire('0 * * * *')
    expect(await readSeals()).toEqual([])
    await fire('* * * * *')
    expect(await verify()).toMatchObject({ unsealed: 0, problems: [] })
    const readActivity = async (sql: string) => (await env.ACTIVITY_DB.prepare(sql).all()).results
    expect(await verifyAudit(readActivity, { database: 'activity' })).toMatchObject({ sealed: 1, problems: [] })
  })

  it('seals the one database where the other is down, and tells of that', async () => {
    await insertActs(2)
    const { log, lines } = recordingLog()
    const down = { ...env, ACTIVITY_DB: null as unknown as D1Database } as Env
    await sealAll({ ...createIsolate(env), log }, down)
    expect(await verify()).toMatchObject({ sealed: 2, problems: [] })
    const failed = lines.filter(({ level }) => level === 'error')
    expect(failed).toMatchObject([{ message: 'Audit Seal Failed', database: 'activity' }])
  })
})

describe('a row that was changed behind the triggers', () => {
  it('is found, and so is which one (R47.7)', async () => {
    await act()
    await act()
    await seal()
    const [, second] = await readSeals()
    await tamper("update audit set ip = '198.51.100.1' where rowid = 2", 'audit_no_update')
    expect((await verify()).problems).toEqual([
      { flaw: 'row-changed', what: expect.any(String), position: 2, auditId: second?.audit_id },
    ])
  })
})

/** What somebody does who may run SQL: without the trigger nothing refuses, and afterwards it stands again. */
async function tamper(sql: string, trigger: string): Promise<void> {
  const [found] = await query<{ sql: string }>(`select sql from sqlite_schema where name = '${trigger}'`)
  await env.DB.batch([`drop trigger ${trigger}`, sql, found?.sql ?? ''].map((text) => env.DB.prepare(text)))
}
