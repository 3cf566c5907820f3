import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { SessionView } from '../../../src/features/identity/schemas.ts'
import { createApi } from '../../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

const api = createApi()

/** Signs in as a browser somewhere, with what the network tells of its address. */
async function signInFrom(email: string, cf: { city?: string; country?: string }): Promise<void> {
  const ctx = createExecutionContext()
  const request = new Request('http://localhost/v1/auth/login', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'cf-connecting-ip': '203.0.113.7',
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
    },
    body: JSON.stringify({ email, password: FIXTURE_PASSWORD }),
  })
  Object.defineProperty(request, 'cf', { value: cf })
  expect((await api.app.fetch(request, env, ctx)).status).toBe(200)
  await waitOnExecutionContext(ctx)
}

it('sessions say on which device and in which town they were last used (R7.15)', async () => {
  const ann = await makePerson(api.isolate)
  await signInFrom(ann.email, { city: 'Graz', country: 'AT' })
  const { body } = await api.as(ann).get<SessionView[]>('/v1/auth/sessions')
  const [own, other] = body.data
  expect(other).toMatchObject({
    current: false,
    ip: '203.0.113.7',
    place: 'Graz, AT',
    device: { name: 'Firefox on Windows', kind: 'computer' },
  })
  expect(own).toMatchObject({ current: true, place: null, device: { name: 'Unknown device', kind: 'program' } })
})
