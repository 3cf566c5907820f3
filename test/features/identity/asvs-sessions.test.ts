import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { createApi } from '../../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

const api = createApi()

it('a sign-in takes the place of the session that its browser brings, of whomever, and of no other', async () => {
  const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
  const reasonOf = (id: string) =>
    env.DB.prepare('select revoke_reason as reason from sessions where id = ?').bind(id).first('reason')
  const cookie = `__Host-selvage_refresh=${ann.refreshToken}`
  const body = { email: bob.email, password: FIXTURE_PASSWORD, session: 'cookie' }
  const signedIn = await api.post<SignedIn>('/v1/auth/login', body, { headers: { cookie } })
  expect(signedIn.status).toBe(200)
  expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
  expect(await reasonOf(ann.sessionId)).toBe('signed_in_anew')
  expect((await api.as(bob).get('/v1/auth/me')).status).toBe(200)

  const [given = ''] = signedIn.headers.getSetCookie()
  const own = { headers: { cookie: given.split(';')[0] ?? '' } }
  const refreshed = await api.post<SignedIn>('/v1/auth/refresh', {}, own)
  expect(refreshed.status).toBe(200)
  expect((await api.as(refreshed.body.data).get('/v1/auth/me')).status).toBe(200)
})
