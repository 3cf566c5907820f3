import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withDatabases } from '../../scripts/lib/local-databases.mjs'
import { readWranglerConfig } from '../../scripts/lib/wrangler-config.mjs'
import type { AuditReport } from '../../src/platform/audit/audit-report.ts'
import { importSource } from '../support/node/import-source.ts'

const PARTS = ['src/platform', 'migrations', 'scripts', 'wrangler.toml', 'package.json']
const D1_FILES = 'd1/miniflare-D1DatabaseObject'
const ROWS = 6

/** What a test uses of a D1 database in Node. */
interface Database {
  prepare(sql: string): { all(): Promise<{ results: Record<string, unknown>[] }> }
}

interface Sealer {
  sealAudit(ports: object): Promise<number>
}

/** A clone of its own with local data, and that data as it was before any test. */
let clone: string
let pristine: string
let heads: Record<string, string>

const persistence = () => join(clone, '.wrangler/state/v3')

async function withDatabase<T>(binding: string, work: (database: Database) => Promise<T>): Promise<T> {
  const config = await readWranglerConfig()
  return withDatabases(persistence(), config, async (open) => work(await open(binding)))
}

const act = (database: Database, id: string) =>
  database
    .prepare(
      `insert into audit (id, action, target_type, target_id, correlation_id, details, at)
       values ('${id}', 'COUNTED', 'counter', 'c', 'correlation', '{"n":"é🐭"}', 1764000000000)`,
    )
    .all()

/** Acts that the Worker's own sealer has sealed; resolves to the head as it was logged. */
async function fill(binding: string, name: string): Promise<string> {
  const { sealAudit } = await importSource<Sealer>('src/platform/audit/seal-audit.ts')
  let head = ''
  const info = (_: string, { position, hash }: { position: number; hash: string }) => {
    head = `${name}=${hash}@${position}`
  }
  await withDatabase(binding, async (client) => {
    for (let n = 1; n <= ROWS; n += 1) await act(client, `${name}-${n}`)
    await sealAudit({ database: name, client, log: { info }, clock: Date.now })
  })
  return head
}

/** What somebody does who may run SQL on the core database, behind the triggers, which stand again afterwards. */
async function tamper(...statements: string[]): Promise<void> {
  const folder = join(persistence(), D1_FILES)
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.sqlite')) continue
    const db = new DatabaseSync(join(folder, file))
    if (db.prepare("select 1 from sqlite_schema where name = 'users'").get()) {
      const triggers = db.prepare(
        "select name, sql from sqlite_schema where type = 'trigger' and tbl_name like 'audit%'",
      )
      const found = triggers.all()
      for (const { name } of found) db.exec(`drop trigger ${name}`)
      for (const sql of [...statements, ...found.map((trigger) => String(trigger.sql))]) db.exec(sql)
    }
    db.close()
  }
}

async function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [join(clone, 'scripts', script), ...args], {
    cwd: clone,
    env: { ...process.env, CLOUDFLARE_API_TOKEN: '', NO_COLOR: '1' },
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text
  })
  const [code] = await once(child, 'close')
  return { code: code as number, ...said }
}

const verify = (...args: string[]) => run('audit-verify.mjs', ...args)

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'selvage-audit-'))
  for (const part of PARTS) await cp(resolve(part), join(clone, part), { recursive: true })
  await symlink(resolve('node_modules'), join(clone, 'node_modules'), 'junction')

  const early = await verify()
  expect(early).toMatchObject({ code: 1, out: '' })
  expect(early.err).toContain('There is no local data yet.\n`npm start` makes it.')
  await expect(stat(join(clone, '.wrangler'))).rejects.toThrow('ENOENT')

  expect(await run('migrate-local.mjs')).toMatchObject({ code: 0 })
  heads = { core: await fill('DB', 'core'), activity: await fill('ACTIVITY_DB', 'activity') }
  pristine = join(clone, 'pristine')
  await cp(persistence(), pristine, { recursive: true })
})

beforeEach(async () => {
  await rm(persistence(), { recursive: true, force: true })
  await mkdir(persistence(), { recursive: true })
  await cp(pristine, persistence(), { recursive: true })
})

afterAll(() => rm(clone, { recursive: true, force: true }))

describe('npm run audit:verify', () => {
  it('finds what the Worker has sealed intact, and the heads that it logged', async () => {
    const { core, activity } = heads
    const { code, out } = await verify('--head', String(core), '--head', String(activity).replaceAll(':', ''))
    expect(out).toBe(
      [
        `core: intact, ${ROWS} sealed, 0 not yet, head ${core}`,
        `activity: intact, ${ROWS} sealed, 0 not yet, head ${activity}`,
        'catalog: intact, 0 sealed, 0 not yet',
        '',
      ].join('\n'),
    )
    expect(code).toBe(0)
  })

  it('names a row that was changed, and ends with 1 (R47.7)', async () => {
    await tamper("update audit set ip = '::1' where id = 'core-3'")
    const { code, out } = await verify()
    expect(out).toContain(`core: BROKEN, ${ROWS} sealed`)
    expect(out).toContain('  row-changed at position 3, row core-3: The row was changed after it was sealed.')
    expect(out).toContain(`activity: intact, ${ROWS} sealed`)
    expect(code).toBe(1)
  })

  it('tells a program the same as JSON', async () => {
    await tamper("delete from audit where id = 'core-4'", 'delete from audit_seals where position = 2')
    const { code, out } = await verify('--json')
    const { intact, databases } = JSON.parse(out) as { intact: boolean; databases: AuditReport[] }
    expect([code, intact]).toEqual([1, false])
    expect(databases).toMatchObject([
      {
        database: 'core',
        sealed: ROWS - 1,
        problems: [{ flaw: 'seal-missing' }, { flaw: 'row-missing', position: 4 }],
      },
      { database: 'activity', sealed: ROWS, unsealed: 0, problems: [] },
      { database: 'catalog', sealed: 0, unsealed: 0, problems: [] },
    ])
  })

  it('finds a row that was put in', async () => {
    await tamper("update audit set rowid = 7 where id = 'core-6'", "update audit set id = 'forged' where id = 'core-5'")
    const { code, out } = await verify()
    expect(out).toMatch(/row-missing at position 5, row core-5.*\n.*row-moved at position 6, row core-6/)
    expect(out).toContain('row-inserted at row forged')
    expect(code).toBe(1)
  })

  it('finds that the end was cut off where it is told the head (R47.7)', async () => {
    await tamper('delete from audit where rowid > 4', 'delete from audit_seals where position > 4')
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('core: intact, 4 sealed') })
    const { code, out } = await verify('--head', String(heads.core))
    expect(out).toContain(`head-missing at position ${ROWS}: There is no seal at position ${ROWS}`)
    expect(code).toBe(1)
  })

  it('works beside a Worker on the same data, and is no trouble to it', async () => {
    await withDatabase('DB', async (database) => {
      const end = new AbortController()
      const failed: unknown[] = []
      let acts = 0
      const work = async () => {
        while (!end.signal.aborted) {
          acts += 1
          await act(database, `busy-${acts}`).catch((error: unknown) => failed.push(error))
          await sleep(1)
        }
      }
      const working = work()
      const { code, out } = await verify()
      end.abort()
      await working
      expect(failed).toEqual([])
      expect(acts).toBeGreaterThan(10)
      expect(out).toMatch(new RegExp(`core: intact, ${ROWS} sealed, [1-9]\\d* not yet`))
      expect(code).toBe(0)
    })
  })

  it('leaves the data as it was', async () => {
    const files = join(persistence(), D1_FILES)
    const look = async () =>
      Promise.all(
        (await readdir(files)).map(async (name) => {
          const { size, mtimeMs } = await stat(join(files, name))
          return [name, size, mtimeMs]
        }),
      )
    const before = await look()
    expect((await verify()).code).toBe(0)
    expect(await look()).toEqual(before)
  })

  it.each(['--head=core=abc@1', `--head=nothing=${'0'.repeat(64)}@1`, '--heads'])('refuses %s', async (argument) => {
    const { code, err } = await verify(argument)
    expect(err).toContain('Usage: npm run audit:verify -- ')
    expect(code).toBe(1)
  })

  it('says what the deployed databases need, where wrangler may not read them', async () => {
    const { code, err } = await verify('--remote')
    expect(err).toContain('wrangler could not read the database DB')
    expect(err).toContain('CLOUDFLARE_API_TOKEN')
    expect(code).toBe(1)
  })
})
