import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../src/platform/ids.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, type Process } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { mailsTo, newestToken } from '../../support/mails.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'

const queues = holdQueues()
const CHOSEN = 'Kettle-river-anvil-9'
const passwords = new PasswordHasher({ log2N: 1, r: 1, p: 1 })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)
const quick = ({ api }: Process) => {
  api.isolate.passwords = passwords
  return api
}
const all = async <T>(sql: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results
const actsOn = async (id: string) =>
  (await all<{ action: string }>('select action from audit where target_id = ?', id)).map(({ action }) => action)
const signIn = async (email: string, password: string) =>
  (await createApi({ passwords }).post('/v1/auth/login', { email, password })).status

describe('cut off at any call', () => {
  it('asking for a reset mails a link that works, once asked again: nothing is lost (R9.5)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: () => makePerson(createApi({ passwords }).isolate, { passwordHash }),
      act: (process, { email }) => quick(process).post('/v1/auth/forgot-password', { email }),
      repeat: (process, { email }) => quick(process).post('/v1/auth/forgot-password', { email }),
      check: async ({ email }, { again }) => {
        expect(again.status).toBe(200)
        // Of both askings one is mailed: the other one comes within its minute.
        expect((await mailsTo(email)).length).toBe(1)
        const token = await newestToken(email)
        const body = { token, newPassword: CHOSEN, confirmPassword: CHOSEN }
        expect((await createApi({ passwords }).post('/v1/auth/reset-password', body)).status).toBe(200)
      },
    })
    expect(calls.join()).toContain('insert outbox')
  })

  it('a reset is made whole or not at all, and its repeat makes it or finds it made (R9.8)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const { isolate } = createApi({ passwords })
        const person = await makePerson(isolate, { passwordHash })
        return { ...person, ...(await makeMailedToken(isolate, person, 'reset-password')) }
      },
      act: (process, { token }) =>
        quick(process).post('/v1/auth/reset-password', { token, newPassword: CHOSEN, confirmPassword: CHOSEN }),
      repeat: (process, { token }) =>
        quick(process).post('/v1/auth/reset-password', { token, newPassword: CHOSEN, confirmPassword: CHOSEN }),
      check: async ({ id, email }, { answer, again }) => {
        expect([200, 400]).toContain(again.status)
        if (answer?.status === 200) expect(again.body.code).toBe('INVALID_TOKEN')
        expect(await signIn(email, CHOSEN)).toBe(200)
        expect(await signIn(email, FIXTURE_PASSWORD)).toBe(401)
        const acts = await actsOn(id)
        expect(acts.filter((action) => action === 'PASSWORD_RESET_SUCCESS')).toHaveLength(1)
        expect((await mailsTo(email)).map(({ subject }) => subject)).toEqual([expect.stringContaining('changed')])
        // One session: of the sign-in above.
        expect(await all('select 1 from sessions where user_id = ? and revoked_at is null', id)).toHaveLength(1)
      },
    })
    expect(calls.join()).toContain('update mailed_tokens')
  })

  it('a verification is made once, and welcomed once at most (R10.4)', async () => {
    await crashEverywhere({
      queues,
      arrange: async () => {
        const { isolate } = createApi()
        const person = await makePerson(isolate, { username: `v_${newId().slice(-12)}` })
        return { ...person, ...(await makeMailedToken(isolate, person, 'verify-email')) }
      },
      act: ({ api }, { token }) => api.post('/v1/auth/verify-email', { token }),
      repeat: ({ api }, { token }) => api.post('/v1/auth/verify-email', { token }),
      check: async ({ id, email }, { again }) => {
        expect([200, 400]).toContain(again.status)
        expect(await all('select is_email_verified as yes from users where id = ?', id)).toEqual([{ yes: 1 }])
        expect((await actsOn(id)).filter((action) => action === 'EMAIL_VERIFIED')).toHaveLength(1)
        expect((await mailsTo(email)).length).toBeLessThanOrEqual(1)
      },
    })
  })
})
