import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { addPasskey, PASSKEYS, signInBody } from '../../support/passkeys.ts'
import { makePerson } from '../../support/people.ts'

const queues = holdQueues()
const outside = createApi()
const count = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .first<number>('n')
const acts = (action: string, userId: string) =>
  count('select count(*) as n from audit where action = ? and target_id = ?', action, userId)

describe('cut off at any call', () => {
  it('a sign-in with a passkey uses its challenge up with the session that it begins, or neither', async () => {
    await crashEverywhere({
      queues,
      arrange: async () => {
        const person = await makePerson(outside.isolate)
        const { device } = await addPasskey(outside, person)
        return { person, body: await signInBody(outside, device) }
      },
      act: ({ api }, { body }) => api.post<SignedIn>(`${PASSKEYS}/sign-in`, body),
      repeat: ({ api }, { body }) => api.post<SignedIn>(`${PASSKEYS}/sign-in`, body),
      check: async ({ person }, { again }) => {
        expect([200, 400]).toContain(again.status)
        expect(await acts('SIGNED_IN', person.id)).toBe(1)
        expect(await acts('PASSKEY_COUNTER_WENT_BACK', person.id)).toBe(0)
        expect(await count('select count(*) as n from sessions where user_id = ?', person.id)).toBe(2)
      },
    })
  })

  it('a key is revoked with its note, once, and opens nothing after the repeat', async () => {
    await crashEverywhere({
      queues,
      arrange: async () => {
        const person = await makePerson(outside.isolate)
        return { person, key: await makeApiKey(person.id) }
      },
      act: ({ api }, { person, key }) => api.as(person).delete(`/v1/auth/api-keys/${key.id}`),
      repeat: ({ api }, { person, key }) => api.as(person).delete(`/v1/auth/api-keys/${key.id}`),
      check: async ({ person, key }, { again }) => {
        expect([204, 404]).toContain(again.status)
        expect(await acts('API_KEY_REVOKED', person.id)).toBe(1)
        expect((await createApi().as(key).get('/v1/notifications')).status).toBe(401)
      },
    })
  })
})
