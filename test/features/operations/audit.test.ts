import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { MOST_SCANNED } from '../../../src/features/operations/audit-queries.ts'
import type { AuditEntry } from '../../../src/features/operations/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, createApi } from '../../support/api.ts'
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
async function act(userId: string, count: number, rare: number): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, () => newId()))
  await env.DB.prepare(
    `insert into audit (id, action, actor_id, target_type, target_id, correlation_id, at)
     select value, iif((key + 1) % ?1, 'SIGNED_IN', 'USER_TESTED'), ?2, 'user', ?2, 'test', 1000 + key from json_each(?3)`,
  )
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
    const query = `actorId=${id}&action=USER_TESTED`
    const first = await read(query)
    expect(first.acts).toHaveLength(1)
    const second = await read(`${query}&cursor=${first.next}`)
    expect(second).toMatchObject({ acts: [] })
    const third = await read(`${query}&cursor=${second.next}`)
    expect(third).toEqual({ acts: [], next: null })
  })
})
