import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenIdServer, type OutsideAccount, startOpenIdServer } from '../support/node/openid-server.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

// A provider of somebody else's making, over real sockets: what we say and take is OpenID Connect, not our idea of it.

const FRONTEND = 'http://localhost:8787'
const MAYA: OutsideAccount = {
  sub: 'maya-of-loom',
  email: 'Maya.Loom@people.test',
  email_verified: true,
  given_name: 'Maya',
  family_name: 'Loom',
}

let loom: OpenIdServer
let system: RunningSystem

beforeAll(async () => {
  loom = await startOpenIdServer(`${FRONTEND}/app/signing-in`)
  system = await startSystem({ FRONTEND_URL: FRONTEND, SIGN_IN_PROVIDERS: JSON.stringify([loom.settings]) })
})
afterAll(async () => {
  await system?.close()
  await loom?.close()
})

interface Answer {
  status: number
  body: { code: string; data: { url: string; user: Record<string, unknown> } }
  cookie: string
}

async function post(path: string, body?: object, cookie = ''): Promise<Answer> {
  const answer = await fetch(new URL(`/v1/auth/providers${path}`, system.url), {
    method: 'POST',
    headers: { cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const [first = ''] = answer.headers.getSetCookie()
  return { status: answer.status, body: (await answer.json()) as Answer['body'], cookie: first.split(';')[0] ?? '' }
}

const returned = (back: URL) => Object.fromEntries(back.searchParams)

describe('an OpenID provider', () => {
  it('is found by its issuer, asked with PKCE, state and nonce, and signs the same person in each time', async () => {
    loom.enter(MAYA)
    const begun = await post('/loom/begin')
    expect(begun.status, JSON.stringify(begun.body)).toBe(200)
    const asked = new URL(begun.body.data.url)
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: 'selvage',
      redirect_uri: `${FRONTEND}/app/signing-in`,
      response_type: 'code',
      scope: 'openid email profile',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    const back = await loom.visit(begun.body.data.url)
    expect(`${back.origin}${back.pathname}`).toBe(`${FRONTEND}/app/signing-in`)
    expect(back.searchParams.get('iss')).toBe(loom.issuer)

    const first = await post('/finish', { ...returned(back), session: 'body' }, begun.cookie)
    expect(first.status, JSON.stringify(first.body)).toBe(200)
    const { user } = first.body.data
    expect(user).toMatchObject({ email: 'maya.loom@people.test', firstName: 'Maya', lastName: 'Loom' })
    // A code is good once, there and here.
    const twice = await post('/finish', { ...returned(back), session: 'body' }, begun.cookie)
    expect(twice).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } })

    loom.enter({ ...MAYA, email: 'elsewhere@people.test' })
    const again = await post('/loom/begin')
    const second = await loom.visit(again.body.data.url)
    const seen = await post('/finish', { ...returned(second), session: 'body' }, again.cookie)
    expect(seen.body.data.user.id).toBe(user.id)
  })

  it('is not believed where the answer is of another provider, or was asked for by another browser', async () => {
    loom.enter({ ...MAYA, sub: 'eve-of-loom', email: 'eve@people.test' })
    const [own, other] = [await post('/loom/begin'), await post('/loom/begin')]
    const back = returned(await loom.visit(own.body.data.url))
    const wrong = [
      await post('/finish', { ...back, iss: 'https://other.example' }, own.cookie),
      await post('/finish', back, other.cookie),
      // The state is the browser's own, the code is not: its verifier and nonce are others.
      await post('/finish', { ...back, state: new URL(other.body.data.url).searchParams.get('state') }, other.cookie),
    ]
    expect(wrong.map(({ status, body }) => [status, body.code])).toEqual(wrong.map(() => [400, 'INVALID_TOKEN']))
  })

  it('that cannot be reached is an outage, and nobody’s mistake', async () => {
    const url = new URL(loom.issuer)
    await loom.close()
    const begun = await post('/loom/begin')
    // It was asked before, so it is known where to go; what comes back from there cannot be redeemed.
    expect(begun.status).toBe(200)
    expect(new URL(begun.body.data.url).host).toBe(url.host)
    const state = new URL(begun.body.data.url).searchParams.get('state')
    const answer = await post('/finish', { code: 'any', state, iss: loom.issuer }, begun.cookie)
    expect(answer.status, JSON.stringify(answer.body)).toBe(503)
  })
})
