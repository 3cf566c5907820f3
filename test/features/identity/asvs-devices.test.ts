import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { SessionView } from '../../../src/features/identity/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, makeSession } from '../../support/people.ts'

const api = createApi()

it('whoever has more sessions than a list holds sees the newest', async () => {
  const ann = await makePerson(api.isolate)
  const others = env.DB.prepare(
    `with recursive number(n) as (select 1 union all select n + 1 from number where n < 120)
     insert into sessions (id, user_id, generation, refresh_hash, created_at, rotated_at, expires_at)
     select substr(?2, 1, 24) || printf('%012x', n), ?1, 1, 'x', ?3, ?3, ?3 + 60000 from number`,
  )
  await others.bind(ann.id, ann.sessionId, Date.now()).run()
  const newest = await makeSession(api.isolate, ann.id)
  const { body } = await api.as(newest).get<SessionView[]>('/v1/auth/sessions')
  expect(body.data.length).toBeGreaterThanOrEqual(100)
  expect(body.data.filter(({ current }) => current).map(({ id }) => id)).toEqual([newest.sessionId])
})
