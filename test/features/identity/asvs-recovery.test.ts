import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { MfaRequired, SignedIn } from '../../../src/features/identity/schemas.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { enrol } from '../../support/mfa.ts'
import { passkeyBody } from '../../support/passkeys.ts'
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
  expect(Object.keys(reset.body.data as object)).toEqual(['message', 'stillLetsIn'])

  const enabled = env.DB.prepare('select mfa_enabled_at as at from users where id = ?').bind(ann.id)
  expect(await enabled.first('at')).toBe(7)
  const { body } = await api.post<MfaRequired | SignedIn>('/v1/auth/login', { email: ann.email, password: NEW })
  expect(body.data).toMatchObject({ requiresMfa: true, tempToken: expect.any(String) })
  expect(body.data).not.toHaveProperty('accessToken')
})

it('a reset takes back what lets in besides, where nobody had shown the address to be theirs, and from nobody else', async () => {
  const [planted, proved] = [await makePerson(api.isolate, { isEmailVerified: false }), await makePerson(api.isolate)]
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

it('a reset takes a planted second step back as well, so that the owner of the address gets in with the password', async () => {
  const planted = await makePerson(api.isolate, { isEmailVerified: false })
  await enrol(api.isolate, planted.id)
  await env.DB.prepare('insert into second_step_tries (user_id, tries, since) values (?, 5, ?)')
    .bind(planted.id, Date.now())
    .run()
  const { token } = await makeMailedToken(api.isolate, planted, 'reset-password')
  await api.post('/v1/auth/reset-password', { token, newPassword: NEW, confirmPassword: NEW })
  const { body } = await api.post<SignedIn>('/v1/auth/login', { email: planted.email, password: NEW })
  expect(body.data.accessToken).toEqual(expect.any(String))
  for (const table of ['totp_secrets', 'backup_codes', 'second_step_tries']) {
    const rows = env.DB.prepare(`select count(*) as n from ${table} where user_id = ?`).bind(planted.id)
    expect([table, await rows.first('n')]).toEqual([table, 0])
  }
})

it('who registers the address of another can make nothing that lets them in later, or keeps its owner out (R10.12)', async () => {
  const squatter = await makePerson(api.isolate, { isEmailVerified: false })
  for (const [path, body] of [
    ['mfa/setup', undefined],
    ['mfa/enable', { code: '123456' }],
    ['passkeys/options', undefined],
    ['passkeys', await passkeyBody(api, await makePerson(api.isolate))],
    ['api-keys', { name: 'A program', scopes: ['read'], expiresInDays: 30 }],
    ['providers/github/begin-link', undefined],
  ] as const) {
    const { status, body: answer } = await api.as(squatter).post(`/v1/auth/${path}`, body)
    expect([path, status, answer.code]).toEqual([path, 403, 'EMAIL_NOT_VERIFIED'])
  }
  for (const table of ['totp_secrets', 'passkeys', 'api_keys']) {
    const rows = env.DB.prepare(`select count(*) as n from ${table} where user_id = ?`).bind(squatter.id)
    expect([table, await rows.first('n')]).toEqual([table, 0])
  }
})
