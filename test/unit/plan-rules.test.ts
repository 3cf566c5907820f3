import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MIGRATIONS as ROOM } from '../../durable-objects/chat-room/schema.ts'
import { MIGRATIONS as FIGURES } from '../../durable-objects/figures/schema.ts'
import { MIGRATIONS as SESSIONS } from '../../durable-objects/user-sessions/schema.ts'
import { MIGRATIONS as PERSON } from '../../durable-objects/user-socket/schema.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { createLogger } from '../../src/platform/observability/log.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import { complainOf, SMALL_TABLES } from '../support/plan-rules.ts'
import { newPlans } from '../support/query-plans.ts'

const DATABASES = [env.DB, env.ACTIVITY_DB, env.CATALOG_DB]
const log = createLogger({ service: 'test', environment: 'test', version: '0', level: 'error', format: 'line' })

/** The complaints about a statement that the code under test would send. */
async function complaintsAbout(sql: string, ...values: unknown[]): Promise<string[]> {
  await new MeteredD1(env.DB, new Meter(), log)
    .prepare(sql)
    .bind(...values)
    .all()
  return (await newPlans(DATABASES)).flatMap(complainOf)
}

describe('the plan of a statement that a test has made the code send', () => {
  it.each([
    ['select email from users where id = ?', ['x']],
    ['select id from users where id > ? order by id limit 10', ['x']],
    ['select first_name from users order by id desc limit 10', []],
    ['select name from roles order by level', []],
    ['select users.id as a, value as b from json_each(?) join users on users.id = value', ['[]']],
    ['select n from (select count(*) as n from users where id = ?) counted', ['x']],
  ])('is allowed where it finds, or ends early: %s (P4)', async (sql, values) => {
    expect(await complaintsAbout(sql, ...values)).toEqual([])
  })

  it.each([
    ['select id from users where first_name = ?', ['x'], /^SCAN users/],
    ['select count(*) as n from sessions', [], /^SCAN sessions USING COVERING INDEX/],
    ['select id from users where deleted_at is null order by first_name limit 10', [], /^USE TEMP B-TREE FOR ORDER BY/],
    ['select blocked_id from blocks where created_at > ?', [1], /^SCAN blocks/],
  ])('is refused where it reads or sorts a whole table: %s (P4)', async (sql, values, step) => {
    expect(await complaintsAbout(sql, ...values)).toEqual([expect.stringMatching(step)])
  })

  it('is looked at once', async () => {
    const sql = 'select id from users where last_name = ?'
    expect(await complaintsAbout(sql, 'x')).toHaveLength(1)
    expect(await complaintsAbout(sql, 'y')).toEqual([])
  })
})

it('names no small table that is not there', async () => {
  const listed = await Promise.all(
    DATABASES.map((database) => database.prepare("select name from sqlite_schema where type = 'table'").all()),
  )
  const inDatabases = listed.flatMap(({ results }) => results.map(({ name }) => String(name)))
  expect(Object.keys(SMALL_TABLES.database).filter((table) => !inDatabases.includes(table))).toEqual([])
  const schemas = [...ROOM, ...FIGURES, ...SESSIONS, ...PERSON].join('\n')
  expect(Object.keys(SMALL_TABLES.object).filter((table) => !schemas.includes(`create table ${table} (`))).toEqual([])
})
