import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { MfaRequired, SignedIn } from '../../../src/features/identity/schemas.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
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
