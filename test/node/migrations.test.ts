import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { type DrizzleSQLiteSnapshotJSON, generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { searchKey } from '../../src/platform/text.ts'
import { DATABASES, migrated, migrationsOf } from '../support/node/databases.ts'

interface Journal {
  entries: { idx: number; tag: string }[]
}

const readMeta = <T>(database: string, file: string) =>
  JSON.parse(readFileSync(resolve('migrations', database, 'meta', file), 'utf8')) as T

function newestSnapshot(database: string): DrizzleSQLiteSnapshotJSON {
  const { entries } = readMeta<Journal>(database, '_journal.json')
  return readMeta(database, `${String(entries.length - 1).padStart(4, '0')}_snapshot.json`)
}

/** The tables that the code declares for a database, as drizzle.config.ts lists their files. */
async function declaredTables(database: string): Promise<Record<string, unknown>> {
  vi.resetModules()
  vi.stubEnv('DATABASE', database)
  const { default: config } = await import('../../drizzle.config.ts')
  expect(config.out).toBe(`./migrations/${database}`)
  const modules = await Promise.all(
    [config.schema ?? []].flat().map((file) => import(pathToFileURL(resolve(file)).href)),
  )
  return Object.assign({}, ...modules)
}

/** Tables and indexes as the database has them, whatever order their columns came in. */
function structureOf(database: DatabaseSync) {
  const ask = (query: string, ...values: string[]) => database.prepare(query).all(...values)
  // Full-text indexes, and the tables in which they keep themselves, are made by hand and stand in no code.
  const names = ask(
    "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'",
  )
  return Object.fromEntries(
    names.map(({ name }) => [
      name,
      {
        columns: ask(
          'select name, type, "notnull", dflt_value, pk from pragma_table_xinfo(?) order by name',
          String(name),
        ),
        references: ask(
          'select "table", "from", "to", on_update, on_delete from pragma_foreign_key_list(?) order by "from"',
          String(name),
        ),
        indexes: ask(
          "select name, sql from sqlite_schema where type = 'index' and tbl_name = ? and sql is not null order by name",
          String(name),
        ),
      },
    ]),
  )
}

/** Rebuilding or dropping a table deletes the children that cascade: D1 ignores the pragma that should prevent it. */
const DESTROYS = /__new_|\bdrop\s+table\b/i
/** Whoever has made sure that no child is lost says how, on a line of its own. */
const REVIEWED = /^-- reviewed: .{20,}$/m

/** Texts and comments, neither of which does anything. */
const IDLE = /'(?:[^']|'')*'|--.*$|\/\*[\s\S]*?\*\//gm

function isDangerous(sql: string): boolean {
  const statements = sql.replaceAll(IDLE, ' ')
  return DESTROYS.test(statements) && !REVIEWED.test(sql)
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe.each(DATABASES)('the migrations of %s', (database) => {
  it('are all in the journal, numbered in their order', () => {
    const names = migrationsOf(database).map(({ name }) => name)
    const { entries } = readMeta<Journal>(database, '_journal.json')
    expect(names.length).toBeGreaterThan(0)
    expect(entries.map(({ tag }) => tag)).toEqual(names)
    expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, i) => i))
  })

  it('lack nothing that the tables in the code declare', async () => {
    const last = newestSnapshot(database)
    const now = (await generateSQLiteDrizzleJson(await declaredTables(database), last.id, 'snake_case')) as typeof last
    expect(now.tables).toEqual(last.tables)
    expect(await generateSQLiteMigration(last, now)).toEqual([])
  })

  it('make, one after the other, the very tables that the code declares', async () => {
    const nothing = (await generateSQLiteDrizzleJson({})) as DrizzleSQLiteSnapshotJSON
    const now = (await generateSQLiteDrizzleJson(await declaredTables(database))) as DrizzleSQLiteSnapshotJSON
    const fresh = migrated((await generateSQLiteMigration(nothing, now)).map((sql) => ({ sql })))
    const structure = structureOf(migrated(migrationsOf(database)))
    expect(Object.keys(structure)).toEqual(expect.arrayContaining(['outbox', 'inbox', 'audit']))
    expect(structure).toEqual(structureOf(fresh))
  })

  it('make the guard by which a commit is undone', () => {
    const db = migrated(migrationsOf(database))
    const guard = () => db.exec("insert into commit_guard (name) values ('stock:7')")
    db.exec("update inbox set handled_at = 1 where subscriber = 'nobody'")
    expect(guard).toThrow('guard:stock:7')
    db.exec("insert into inbox (subscriber, event_id, handled_at) values ('somebody', 'event', 1)")
    expect(guard).not.toThrow()
  })

  it('neither rebuild nor drop a table that nobody has looked after', () => {
    const dangerous = migrationsOf(database).filter(({ sql }) => isDangerous(sql))
    expect(dangerous.map(({ name }) => name)).toEqual([])
  })
})

describe('a migration', () => {
  it.each([
    'DROP TABLE `users`;',
    'drop\n  table if exists users',
    'DROP/* quietly */TABLE users;',
    'CREATE TABLE `__new_users` (id text);--> statement-breakpoint\nINSERT INTO `__new_users` SELECT * FROM users;',
    '-- reviewed: yes\nDROP TABLE users;',
    "select '-- reviewed: this is a text, not a comment'; drop table users",
  ])('is dangerous that says %s', (sql) => {
    expect(isDangerous(sql)).toBe(true)
  })

  it.each([
    'ALTER TABLE users ADD COLUMN phone text;',
    '-- Does not DROP TABLE users, nor makes a __new_users.\nCREATE INDEX a ON b (c);',
    'DROP INDEX users_email; DROP TRIGGER t; DROP VIEW v;',
    '-- reviewed: sessions are kept in __keep_sessions meanwhile\nDROP TABLE users;',
  ])('is not that says %s', (sql) => {
    expect(isDangerous(sql)).toBe(false)
  })
})

describe('what stood in the catalogue before its values were found as they are written', () => {
  it('is sorted and found as what is made now', async () => {
    // By its path, as its types are those of Workers.
    const terms = pathToFileURL(resolve('src/features/catalog/product-terms.ts')).href
    const { partMatch, wordMatch } = await import(terms)
    // Workers have it, and Node 22 does not.
    vi.stubGlobal(
      'TextEncoder',
      class {
        encode(text: string) {
          return { toHex: () => Buffer.from(text).toString('hex') }
        }
      },
    )
    const all = migrationsOf('catalog')
    const at = all.findIndex(({ name }) => name === '0008_find_values_as_written')
    const db = migrated(all.slice(0, at))
    const names = ['Écharpe', 'Zip', 'Ångström ĕ', 'Ấm trà', 'Café', 'I\u0307n'].map((name) => name.toLowerCase())
    for (const [i, name] of names.entries()) {
      db.prepare(
        `insert into products (id, owner_id, name, name_key, slug, sku, brand, tags, price, currency, created_at, updated_at)
         values (?1, 'o', ?2, ?2, ?1, ?1, 'Acmé ⟦x', '["Red ","a\\"b"]', 1, 'EUR', 1, 1)`,
      ).run(`p${i}`, name)
    }
    for (const { sql } of all.slice(at)) db.exec(sql)
    const keys = db.prepare('select name_key from products order by seq').all()
    expect(keys.map(({ name_key }) => name_key)).toEqual(names.map(searchKey))
    const found = (table: string, match: string | null | undefined) =>
      db.prepare(`select count(*) as count from ${table} where ${table} match ?`).get(String(match))?.count
    const ask = (field: string, value: string, search: string) => {
      const condition =
        field === 'tags' ? { field, op: 'in' as const, value: [value] } : { field, op: 'eq' as const, value }
      const query = { conditions: [condition], search, sort: [] }
      return [found('product_parts', partMatch(query)), found('product_words', wordMatch(query))]
    }
    expect(ask('brand', 'Acmé ⟦x', 'zip')).toEqual([1, 1])
    expect(ask('tags', 'Red ', 'zip')).toEqual([1, 1])
    expect(ask('tags', 'a"b', 'zip')).toEqual([1, 1])
    for (const [field, other] of [
      ['brand', 'acmé ⟦x'],
      ['brand', 'Acmé x'],
      ['tags', 'RED '],
      ['tags', 'Red'],
    ] as const) {
      expect([other, ...ask(field, other, 'zip')]).toEqual([other, 0, 0])
    }
    db.exec("update products set tags = '[]', brand = 'Other'")
    expect([ask('tags', 'Red ', 'zip'), ask('brand', 'Other', 'zip')]).toEqual([
      [0, 0],
      [1, 1],
    ])
    db.exec('delete from products')
    db.exec("insert into product_words (product_words, rank) values ('integrity-check', 1)")
    expect(ask('brand', 'Other', 'zip')).toEqual([0, 0])
  })
})
