import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { drizzleOver } from '../../src/platform/db/store.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import { forgetNewPlans } from '../support/query-plans.ts'

const weavers = sqliteTable('weavers', { id: integer().primaryKey(), name: text().notNull() })
const cloths = sqliteTable('cloths', { id: integer().primaryKey(), weaverId: integer('weaver_id'), name: text() })

afterAll(forgetNewPlans)

type Entry = [level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>]

/** A metered client of its own, with what it has logged. */
function metered() {
  const entries: Entry[] = []
  const write =
    (level: Entry[0]) =>
    (message: string, fields = {}) =>
      void entries.push([level, message, fields])
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') } as Logger
  const meter = new Meter()
  const client = new MeteredD1(env.DB, meter, log)
  return { client, db: drizzleOver(client), costs: meter.costs, entries }
}

beforeAll(async () => {
  await env.DB.batch([
    env.DB.prepare('create table weavers (id integer primary key, name text not null)'),
    env.DB.prepare('create table cloths (id integer primary key, weaver_id integer, name text)'),
    env.DB.prepare('create unique index cloths_name on cloths (name)'),
  ])
})

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare('delete from weavers'),
    env.DB.prepare('delete from cloths'),
    env.DB.prepare("insert into weavers values (1, 'Ann'), (2, 'Bob'), (3, 'Cem')"),
    env.DB.prepare("insert into cloths values (10, 1, 'denim'), (20, 2, 'twill')"),
  ])
})

describe('a query that selects two columns of one name', () => {
  const SAME = 'Two selected columns share a name'

  it('is refused rather than answered with one of them under the other’s name', async () => {
    const { db } = metered()
    const joined = db
      .select({ id: weavers.id, name: weavers.name, clothName: cloths.name })
      .from(weavers)
      .innerJoin(cloths, eq(cloths.weaverId, weavers.id))
    // drizzle wraps what its driver throws.
    await expect(joined).rejects.toMatchObject({ cause: { message: expect.stringContaining(SAME) } })
    const named = db
      .select({ id: weavers.id, name: weavers.name, clothName: sql<string>`${cloths.name}`.as('cloth_name') })
      .from(weavers)
      .innerJoin(cloths, eq(cloths.weaverId, weavers.id))
      .orderBy(weavers.id)
    expect(await named).toEqual([
      { id: 1, name: 'Ann', clothName: 'denim' },
      { id: 2, name: 'Bob', clothName: 'twill' },
    ])
  })

  it('is refused in a batch too', async () => {
    const { client } = metered()
    const statements = [
      client.prepare('select id from weavers'),
      client.prepare('select w.name, c.name from weavers w join cloths c on c.weaver_id = w.id'),
    ]
    await expect(client.batch(statements)).rejects.toThrow(SAME)
  })

  it.each([
    'select w.id, c.id from weavers w, cloths c',
    'SELECT w.id , c.id FROM weavers w, cloths c',
    'select distinct w.id, c.id from weavers w, cloths c',
    'select max(w.id, 1) as n, min(c.id, 1) as n from weavers w, cloths c',
    'select (select id from weavers limit 1) as n, c.id as n from cloths c',
    `select w.id as "from", c.id as "from" from weavers w, cloths c`,
  ])('is seen through whatever it is made of: %s', async (text) => {
    const { client } = metered()
    await expect(client.prepare(text).all()).rejects.toThrow(SAME)
    await expect(client.prepare(text).run()).rejects.toThrow(SAME)
    await expect(client.prepare(text).raw()).rejects.toThrow(SAME)
    await expect(client.prepare(text).first()).rejects.toThrow(SAME)
  })

  it.each([
    ['select * from weavers w join (select 7 as other) on true where w.id = 1', 3],
    ["select 'a, b' as one, coalesce(null, 1, 2) as two from weavers", 2],
    [`select id as "a, ""b"" from", name from weavers`, 2],
    ['select (select count(*) from cloths where weaver_id = w.id) as n, w.id from weavers w', 2],
    ['select json_group_array(name) as "names" from weavers', 1],
    ['with w as (select id from weavers) select id from w', 1],
    ['update weavers set name = name returning id, name', 2],
  ])('is not seen where there is none: %s', async (text, columns) => {
    const { client } = metered()
    const [row] = await client.prepare(text).raw()
    expect(row).toHaveLength(columns)
  })

  it('passes as long as it finds nothing, as there is nothing to mix up', async () => {
    const { client } = metered()
    const { results } = await client.prepare('select w.id, c.id from weavers w, cloths c where false').all()
    expect(results).toEqual([])
  })
})

describe('what a request costs', () => {
  it('counts trips that wait for one another, each on top of the one before', async () => {
    const { db, costs } = metered()
    await db.select().from(weavers)
    await db.select().from(cloths)
    await db.select().from(weavers)
    expect(costs).toMatchObject({ d1Trips: 3, d1SequentialTrips: 3, d1Queries: 3 })
  })

  it('counts trips side by side as one step, however many', async () => {
    const { db, costs } = metered()
    await Promise.all([db.select().from(weavers), db.select().from(cloths), db.select().from(weavers)])
    expect(costs).toMatchObject({ d1Trips: 3, d1SequentialTrips: 1, d1Queries: 3 })
    await Promise.all([db.select().from(weavers), db.select().from(cloths)])
    expect(costs).toMatchObject({ d1Trips: 5, d1SequentialTrips: 2, d1Queries: 5 })
  })

  it('counts a batch as one trip with all of its queries', async () => {
    const { db, costs } = metered()
    const [all, some] = await db.batch([db.select().from(weavers), db.select({ id: cloths.id }).from(cloths)])
    expect([all.length, some]).toEqual([3, [{ id: 10 }, { id: 20 }]])
    expect(costs).toMatchObject({ d1Trips: 1, d1SequentialTrips: 1, d1Queries: 2, d1RowsRead: 5, d1RowsWritten: 0 })
  })

  it('counts the rows that were read and written, of every way to ask', async () => {
    const { client, costs } = metered()
    const read = async (ask: () => Promise<unknown>) => {
      const before = costs.d1RowsRead
      await ask()
      return costs.d1RowsRead - before
    }
    const query = client.prepare('select id from weavers where id >= ?')
    expect(await read(() => query.bind(2).all())).toBe(2)
    expect(await read(() => query.bind(2).raw())).toBe(2)
    expect(await read(() => query.bind(3).run())).toBe(1)
    expect(await read(() => query.bind(2).first())).toBe(2)
    expect(costs.d1RowsWritten).toBe(0)
    await client.prepare("insert into weavers (name) values ('Dee'), ('Eve')").run()
    expect(costs.d1RowsWritten).toBe(2)
  })

  it('counts a trip that failed, and the next one comes after it', async () => {
    const { client, costs } = metered()
    await expect(client.prepare('select * from nowhere').all()).rejects.toThrow('nowhere')
    await client.prepare('select id from weavers').all()
    expect(costs).toMatchObject({ d1Trips: 2, d1SequentialTrips: 2, d1Queries: 2 })
  })
})

describe('the log of queries', () => {
  it('has each statement with its time and rows, and no value of it', async () => {
    const { client, entries } = metered()
    await client.prepare('select id from weavers where name = ?').bind('Ann').all()
    expect(entries).toEqual([
      [
        'debug',
        expect.any(String),
        {
          sql: ['select id from weavers where name = ?'],
          executionTime: expect.any(Number),
          rowsRead: 3,
          rowsWritten: 0,
        },
      ],
    ])
  })

  it('has a fault as an error; a constraint that said no is an answer, not a fault', async () => {
    const { client, entries } = metered()
    await expect(client.prepare('select * from nowhere').all()).rejects.toThrow()
    await expect(client.prepare("insert into cloths values (30, 1, 'denim')").run()).rejects.toThrow('UNIQUE')
    expect(entries.map(([level]) => level)).toEqual(['error', 'debug'])
    expect(JSON.stringify(entries)).toContain('nowhere')
  })
})
