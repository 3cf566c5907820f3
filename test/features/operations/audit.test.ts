import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { MOST_SCANNED } from '../../../src/features/operations/audit-queries.ts'
import type { AuditEntry } from '../../../src/features/operations/schemas.ts'
import { ACTS } from '../../../src/platform/audit/acts.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, createApi } from '../../support/api.ts'
import { productBody } from '../../support/catalog-examples.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
let admin: TestPerson
let as: Caller

const read = async (query: string) => {
  const { status, body } = await as.get<AuditEntry[]>(`/v1/admin/audit?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return { acts: body.data, next: body.meta.nextCursor as string | null }
}

/** Acts of one person on themselves, one a millisecond; every `rare`-th is another act. */
async function act(userId: string, count: number, rare: number, database: D1Database = env.DB): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, () => newId()))
  await database
    .prepare(`insert into audit (id, action, actor_id, target_type, target_id, correlation_id, at)
     select value, iif((key + 1) % ?1, 'SIGNED_IN', 'STEPPED_UP'), ?2, 'user', ?2, 'test', 1000 + key from json_each(?3)`)
    .bind(rare, userId, ids)
    .run()
}

beforeAll(async () => {
  admin = await makePerson(api.isolate, { role: 'admin' })
  as = api.as(admin)
})

describe('the audit trail', () => {
  it('tells who did what to whom and why, with their names', async () => {
    const person = await makePerson(api.isolate)
    await as.patch(`/v1/users/${person.id}/tier`, { tier: 'premium', reason: 'She pays for it' })
    const { acts } = await read(`targetId=${person.id}&action=TIER_CHANGED`)
    expect(acts).toEqual([
      expect.objectContaining({
        action: 'TIER_CHANGED',
        actorId: admin.id,
        actorUsername: admin.username,
        targetType: 'user',
        targetId: person.id,
        targetUsername: person.username,
        reason: 'She pays for it',
        details: { from: 'free', to: 'premium' },
      }),
    ])
    expect((await read(`actorId=${admin.id}`)).acts.map(({ id }) => id)).toContain(acts[0]?.id)
    expect((await read('limit=1')).acts).toEqual(acts)
  })

  it('goes through all acts by cursor, each once, within the times that were asked', async () => {
    const id = newId()
    await act(id, 25, 1_000)
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const times = `from=${new Date(1_005).toISOString()}&to=${new Date(1_020).toISOString()}`
      const page = await read(`targetId=${id}&limit=4&${times}${next && `&cursor=${next}`}`)
      seen.push(...page.acts.map(({ at }) => at))
      next = page.next
    }
    expect(seen).toEqual(Array.from({ length: 15 }, (_, i) => new Date(1_019 - i).toISOString()))
  })

  it('finds a rare act among many by looking at a bounded number of them a page', async () => {
    const id = newId()
    await act(id, MOST_SCANNED * 2 + 500, MOST_SCANNED * 2)
    const query = `actorId=${id}&action=STEPPED_UP`
    const first = await read(query)
    expect(first.acts).toHaveLength(1)
    const second = await read(`${query}&cursor=${first.next}`)
    expect(second).toMatchObject({ acts: [] })
    const third = await read(`${query}&cursor=${second.next}`)
    expect(third).toEqual({ acts: [], next: null })
  })

  it('tells the acts of all services as one: each once, in order, by name, however they lie', async () => {
    const { data: product } = (await as.post<{ id: string }>('/v1/products', productBody())).body
    await as.post(`/v1/products/${product.id}/publish`)
    await as.post(`/v1/products/${product.id}/archive`)
    const { acts } = await read(`targetId=${product.id}`)
    expect(acts.map(({ action, actorUsername }) => [action, actorUsername])).toEqual([
      ['PRODUCT_ARCHIVED', admin.username],
      ['PRODUCT_PUBLISHED', admin.username],
    ])
    expect((await read('limit=2')).acts).toEqual(acts)
    expect((await read(`actorId=${admin.id}&action=PRODUCT_PUBLISHED`)).acts).toEqual(acts.slice(1))

    const id = newId()
    for (const [database, count] of [
      [env.DB, 30],
      [env.CATALOG_DB, 20],
      [env.ACTIVITY_DB, 3],
    ] as const) {
      await act(id, count, 1_000, database)
    }
    const seen: AuditEntry[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Awaited<ReturnType<typeof read>> = await read(`actorId=${id}&limit=7${next && `&cursor=${next}`}`)
      seen.push(...page.acts)
      next = page.next
    }
    const inOrder = seen.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
    expect([seen.length, new Set(seen.map((one) => one.id)).size]).toEqual([53, 53])
    expect(seen).toEqual(inOrder)
  })

  it('passes over nothing of one database while another one has not been looked through', async () => {
    const id = newId()
    // One look at the core ends before its second one, and the catalogue has one that is newer, and one that is older.
    await act(id, 2 * MOST_SCANNED, 900)
    await act(id, 1_100, 550, env.CATALOG_DB)
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Awaited<ReturnType<typeof read>> = await read(
        `actorId=${id}&action=STEPPED_UP${next && `&cursor=${next}`}`,
      )
      seen.push(...page.acts.map(({ at }) => at))
      next = page.next
    }
    expect(seen).toEqual([2_799, 2_099, 1_899, 1_549].map((at) => new Date(at).toISOString()))
  })

  it('finds what came from one address, or in one request, also among acts of one person', async () => {
    const person = await makePerson(api.isolate)
    const headers = { 'cf-connecting-ip': '203.0.113.77' }
    const set = (tier: string, more = {}) =>
      as.request('PATCH', `/v1/users/${person.id}/tier`, { body: { tier, reason: 'of a test' }, headers: more })
    const [there, elsewhere] = [await set('basic', headers), await set('premium')]
    const found = async (query: string) => (await read(query)).acts.map(({ details }) => (details as { to: string }).to)
    expect(await found('ip=203.0.113.77')).toEqual(['basic'])
    expect(await found(`targetId=${person.id}&ip=203.0.113.77`)).toEqual(['basic'])
    expect(await found(`requestId=${elsewhere.headers.get('x-request-id')}`)).toEqual(['premium'])
    expect(await found(`requestId=${there.headers.get('x-request-id')}&actorId=${admin.id}`)).toEqual(['basic'])
  })

  it('is asked by any act that there is, and by no other name', async () => {
    for (const action of ACTS) expect((await read(`targetId=${newId()}&action=${action}`)).acts).toEqual([])
    expect((await as.get('/v1/admin/audit?action=NOTHING_KNOWN')).status).toBe(400)
  })

  it('holds an act with all that is known of it, by index for each question, and for good (R11.21)', async () => {
    const person = await makePerson(api.isolate)
    await as.patch(`/v1/users/${person.id}/role`, { role: 'moderator', reason: 'of a test' })
    const { acts } = await read(`targetId=${person.id}`)
    expect(Object.keys(acts[0] ?? {})).toEqual(
      expect.arrayContaining([
        ...['id', 'action', 'actorId', 'targetId', 'reason', 'ip', 'userAgent', 'correlationId', 'details', 'at'],
      ]),
    )
    for (const change of ["update audit set reason = 'another'", 'delete from audit']) {
      await expect(env.DB.prepare(`${change} where id = ?`).bind(acts[0]?.id).run()).rejects.toThrow('append-only')
    }
    const planOf = async (where: string) => {
      const sql = `explain query plan select * from audit where ${where} order by at desc, id desc limit 10`
      return (await env.DB.prepare(sql).all<{ detail: string }>()).results.map(({ detail }) => detail).join()
    }
    expect(await planOf("action = 'ROLE_CHANGE'")).toContain('audit_by_action')
    expect(await planOf(`target_id = '${person.id}'`)).toContain('audit_by_target_id')
    expect(await planOf(`actor_id = '${admin.id}'`)).toContain('audit_by_actor')
    for (const role of ['user', 'moderator'] as const) {
      const refused = await api.as(await makePerson(api.isolate, { role })).get('/v1/admin/audit')
      expect(refused.body.message).toContain('view:logs')
    }
  })
})
