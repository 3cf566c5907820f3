import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { MfaRequired, SignedIn } from '../../../src/features/identity/schemas.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'

const NEW = 'Kettle-river-anvil-9'
const api = createApi({ passwords: new PasswordHasher({ log2N: 1, r: 1, p: 1 }) })
holdQueues()

it('a reset goes round no second step: it gives out no session, and who signs in with the new password is asked for it', async () => {
  const ann = await makePerson(api.isolate)
  await env.DB.prepare('update users set mfa_enabled_at = 7 where id = ?').bind(ann.id).run()
  const { token } = await makeMailedToken(api.isolate, ann, 'reset-password')
  const reset = await api.post('/v1/auth/reset-password', { token, newPassword: NEW, confirmPassword: NEW })
  expect([reset.status, reset.headers.get('set-cookie')]).toEqual([200, null])
  expect(Object.keys(reset.body.data as object)).toEqual(['message'])

  const enabled = env.DB.prepare('select mfa_enabled_at as at from users where id = ?').bind(ann.id)
  expect(await enabled.first('at')).toBe(7)
  const { body } = await api.post<MfaRequired | SignedIn>('/v1/auth/login', { email: ann.email, password: NEW })
  expect(body.data).toMatchObject({ requiresMfa: true, tempToken: expect.any(String) })
  expect(body.data).not.toHaveProperty('accessToken')
})

it('a reset takes back what lets in besides, where nobody had shown the address to be theirs, and from nobody else', async () => {
  const [planted, proved] = [await makePerson(api.isolate), await makePerson(api.isolate)]
  await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(proved.id).run()
  const passkeysOf = (id: string) => env.DB.prepare('select count(*) as n from passkeys where user_id = ?').bind(id)
  const insert = env.DB.prepare(
    `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
     values (?1, ?1, 'Key', 'x', 0, '[]', 0, 1)`,
  )
  for (const [person, status, left] of [
    [planted, 401, 0],
    [proved, 200, 1],
  ] as const) {
    await insert.bind(person.id).run()
    const key = await makeApiKey(person.id)
    const { token } = await makeMailedToken(api.isolate, person, 'reset-password')
    const reset = await api.post('/v1/auth/reset-password', { token, newPassword: NEW, confirmPassword: NEW })
    expect(reset.status).toBe(200)
    expect((await api.as(key).get('/v1/notifications')).status).toBe(status)
    expect(await passkeysOf(person.id).first('n')).toBe(left)
  }
})
