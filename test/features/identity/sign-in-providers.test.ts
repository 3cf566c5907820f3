import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LinkedAccount, ProviderSignIn } from '../../../src/features/identity/providers/schemas.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { type Caller, createApi } from '../../support/api.ts'
import { GitHubDouble, type GitHubPerson, gitHubPerson } from '../../support/github-double.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
const path = '/v1/auth/providers'

let gitHub: GitHubDouble
let spy: ReturnType<GitHubDouble['install']>
const log = { mockRestore: () => {} }

beforeAll(() =>
  Object.assign(
    log,
    vi.spyOn(console, 'warn').mockImplementation(() => undefined),
  ),
)
afterAll(() => log.mockRestore())
beforeEach(() => {
  gitHub = new GitHubDouble()
  spy = gitHub.install()
  return () => spy.mockRestore()
})

interface Trip {
  body: { code: string; state: string }
  cookie: string
}

/** To the provider and back: what the browser has then. */
async function travel(by: Caller, person: GitHubPerson, begin = 'begin'): Promise<Trip> {
  const { status, body, headers } = await by.post<ProviderSignIn>(`${path}/github/${begin}`)
  expect(status, JSON.stringify(body)).toBe(200)
  const [cookie = '', ...attributes] = headers.get('set-cookie')?.split('; ') ?? []
  expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/v1/auth/providers']))
  return { body: gitHub.authorize(body.data.url, person), cookie }
}

function finish(by: Caller, { body, cookie }: Trip, route = 'finish', more: { session?: 'body' | 'cookie' } = {}) {
  return by.post<SignedIn & LinkedAccount>(`${path}/${route}`, { ...body, ...more }, { headers: { cookie } })
}

const linksOf = async (userId: string) =>
  (await env.DB.prepare('select * from linked_identities where user_id = ?').bind(userId).all()).results

const makeVerified = (given: Parameters<typeof makePerson>[1] = {}): Promise<TestPerson> =>
  makePerson(api.isolate, given)

async function link(person: TestPerson, octo: GitHubPerson) {
  return finish(api.as(person), await travel(api.as(person), octo, 'begin-link'), 'finish-link')
}

it('ties a sign-in to its browser by a cookie that no plain http address can set, but on a laptop', async () => {
  const laptop = createApi({ settings: { ENVIRONMENT: 'development' } })
  const cookieOf = async (by: Caller) => (await by.post(`${path}/github/begin`)).headers.get('set-cookie') ?? ''
  expect(await cookieOf(api)).toMatch(/^__Secure-selvage_outside=.*; HttpOnly; Secure; SameSite=Lax$/)
  expect(await cookieOf(laptop)).toMatch(/^selvage_outside=/)
  expect(await cookieOf(laptop)).not.toContain('Secure')
})

describe('signing in with a provider', () => {
  it('makes an account once, of a verified address, without a password, and signs in to it ever after', async () => {
    const octo = gitHubPerson({ email: 'Octavia@People.test' })
    const first = await finish(api, await travel(api, octo))
    expect(first.status, JSON.stringify(first.body)).toBe(200)
    const { user } = first.body.data
    expect(user).toMatchObject({ email: 'octavia@people.test', firstName: 'Octavia', lastName: 'Cat' })
    expect(user).toMatchObject({ isEmailVerified: true, username: 'octavia_cat', roles: ['user'] })
    const row = await env.DB.prepare('select password_hash from users where id = ?').bind(user.id).first()
    expect(row).toEqual({ password_hash: '!' })

    // The address at the provider is no part of who they are.
    const again = await finish(api, await travel(api, { ...octo, emails: [] }))
    expect(again.body.data.user.id).toBe(user.id)
    // As with every other way in, pages say that they want the token where no script reads it.
    expect(again.body.data).toHaveProperty('refreshToken')
    const ofPage = await finish(api, await travel(api, octo), 'finish', { session: 'cookie' })
    expect(ofPage.body.data).not.toHaveProperty('refreshToken')
    expect(ofPage.headers.get('set-cookie')).toContain('refresh')
    expect(await linksOf(user.id)).toMatchObject([{ provider: 'github', subject: String(octo.id) }])
    expect((await api.as(again.body.data).get('/v1/auth/me')).status).toBe(200)
  })

  it('is no way into an account that has the same address, nor into one that is deactivated', async () => {
    const ann = await makePerson(api.isolate)
    const octo = gitHubPerson({ email: ann.email })
    expect((await finish(api, await travel(api, octo))).body).toMatchObject({
      code: 'SIGN_IN_TO_LINK',
      statusCode: 409,
    })
    const root = gitHubPerson({ email: 'root@selvage.test' })
    expect((await finish(api, await travel(api, root))).body.code).toBe('SIGN_IN_TO_LINK')
    expect(await linksOf(ann.id)).toEqual([])

    const known = gitHubPerson()
    const { user } = (await finish(api, await travel(api, known))).body.data
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(user.id).run()
    expect((await finish(api, await travel(api, known))).body.code).toBe('INVALID_CREDENTIALS')
  })

  it('takes no address that the provider does not know to be theirs', async () => {
    const octo = gitHubPerson({ verified: false })
    expect((await finish(api, await travel(api, octo))).body.code).toBe('EMAIL_NOT_VERIFIED')
  })

  it('has one account and one session of fifty that come back at once with one code, or with codes of their own', async () => {
    const octo = gitHubPerson()
    const trip = await travel(api, octo)
    // Even where the provider would take the code each time.
    gitHub.isForgetful = true
    const same = await Promise.all(Array.from({ length: 50 }, () => finish(api, trip)))
    expect(same.filter(({ status }) => status === 200)).toHaveLength(1)

    const other = gitHubPerson()
    const trips = await Promise.all(Array.from({ length: 8 }, () => travel(api, other)))
    const all = await Promise.all(trips.map((one) => finish(api, one)))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(all.map(({ body }) => body.data.user.id)).size).toBe(1)
  })

  it('is refused in the same words whatever is wrong with what comes back', async () => {
    const octo = gitHubPerson()
    const trip = await travel(api, octo)
    const other = await travel(api, octo)
    const later = createApi({ clock: () => Date.now() + 11 * 60_000 })
    const link = await travel(api.as(await makeVerified()), octo, 'begin-link')
    const refused = await Promise.all([
      finish(api, { ...trip, cookie: '' }),
      finish(api, { ...trip, cookie: other.cookie }),
      finish(api, { ...trip, cookie: `${trip.cookie}x` }),
      finish(api, { ...trip, body: { ...trip.body, state: other.body.state } }),
      finish(api, { ...trip, body: { ...trip.body, code: 'guessed' } }),
      // A code that was stolen and brought to a browser of somebody else's: its verifier is another one.
      finish(api, { cookie: other.cookie, body: { ...other.body, code: trip.body.code } }),
      finish(later, trip),
      // Begun to link an account, and ended as a sign-in.
      finish(api, link),
    ])
    const answers = refused.map(({ status, body }) => [status, body.code, body.message])
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify([400, 'INVALID_TOKEN', 'This sign-in is not valid any more. Begin again.'])]),
    )
    expect(
      await env.DB.prepare('select count(*) as n from linked_identities where subject = ?')
        .bind(String(octo.id))
        .first('n'),
    ).toBe(0)
  })

  it('says that it does not work at the moment where the provider is down or does not know us', async () => {
    const trip = await travel(api, gitHubPerson())
    gitHub.broken = () => new Response('oops', { status: 503 })
    expect((await finish(api, trip)).status).toBe(503)
    gitHub.broken = () => Response.json({ error: 'invalid_client' }, { status: 401 })
    expect((await finish(api, await travelBroken())).status).toBe(503)
    async function travelBroken() {
      const { broken } = gitHub
      gitHub.broken = undefined
      const one = await travel(api, gitHubPerson())
      gitHub.broken = broken
      return one
    }
  })
})

describe('linking an account of a provider', () => {
  it('takes a fresh proof, an address of one’s own that is verified, and an account that is nobody else’s', async () => {
    const ann = await makeVerified()
    const octo = gitHubPerson()
    const stale = createApi({ clock: () => Date.now() + 6 * 60_000 })
    expect((await stale.as(ann).post(`${path}/github/begin-link`)).body.code).toBe('STEP_UP_REQUIRED')
    const bob = await makePerson(api.isolate, { isEmailVerified: false })
    expect((await api.as(bob).post(`${path}/github/begin-link`)).body.code).toBe('EMAIL_NOT_VERIFIED')

    expect(await link(ann, octo)).toMatchObject({ status: 201, body: { data: { provider: 'github', name: 'GitHub' } } })
    expect((await finish(api, await travel(api, octo))).body.data.user.id).toBe(ann.id)
    expect((await link(ann, gitHubPerson())).body).toMatchObject({ code: 'CONFLICT' })
    expect((await link(await makeVerified(), octo)).body).toMatchObject({ code: 'CONFLICT' })
    expect((await link(await makeVerified(), gitHubPerson({ verified: false }))).body.code).toBe('EMAIL_NOT_VERIFIED')

    const list = await api.as(ann).get<LinkedAccount[]>(`${path}/linked`)
    expect(list.body.data).toMatchObject([{ provider: 'github', email: octo.emails[1]?.email }])
    const acts = await env.DB.prepare(
      `select count(*) as n from audit where action = 'PROVIDER_LINKED' and actor_id = ?`,
    )
    expect(await acts.bind(ann.id).first('n')).toBe(1)
  })

  it('makes no second step unneeded: who has one is asked for it', async () => {
    const ann = await makeVerified()
    const octo = gitHubPerson()
    await link(ann, octo)
    await env.DB.batch([
      env.DB.prepare('update users set mfa_enabled_at = 1 where id = ?').bind(ann.id),
      env.DB.prepare(
        `insert into totp_secrets (user_id, sealed_secret, created_at, enabled_at) values (?, 'x', 1, 1)`,
      ).bind(ann.id),
    ])
    const { status, body, headers } = await finish(api, await travel(api, octo))
    expect({ status, data: body.data }).toMatchObject({ status: 200, data: { requiresMfa: true } })
    expect(body.data).not.toHaveProperty('accessToken')
    expect(headers.get('set-cookie')).not.toContain('__Host-selvage_refresh')
  })

  it('is for the session that began it: nobody links theirs to the account of another', async () => {
    const [ann, eve] = [await makeVerified(), await makeVerified()]
    const trip = await travel(api.as(eve), gitHubPerson(), 'begin-link')
    expect((await finish(api.as(ann), trip, 'finish-link')).body.code).toBe('INVALID_TOKEN')
    // One that began as a sign-in links nothing either.
    const signIn = await travel(api, gitHubPerson())
    expect((await finish(api.as(ann), signIn, 'finish-link')).body.code).toBe('INVALID_TOKEN')
    expect(await linksOf(ann.id)).toEqual([])
  })

  it('is undone, but never where it is the last way in', async () => {
    const octo = gitHubPerson()
    const { user, accessToken } = (await finish(api, await travel(api, octo))).body.data
    const own = api.as({ accessToken })
    // Of one that is not configured any more: by that nobody signs in.
    const links = 'insert into linked_identities (provider, subject, user_id, created_at) values (?1, ?2, ?2, 1)'
    await env.DB.prepare(links).bind('gone', user.id).run()
    expect((await own.delete(`${path}/github/link`)).body).toMatchObject({ code: 'CONFLICT' })
    expect(await linksOf(user.id)).toHaveLength(2)
    expect((await own.delete(`${path}/gone/link`)).status).toBe(200)

    await env.DB.prepare(
      `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
       values (?1, ?1, 'Key', 'x', 0, '[]', 0, 1)`,
    )
      .bind(user.id)
      .run()
    expect((await own.delete(`${path}/github/link`)).status).toBe(200)
    expect(await linksOf(user.id)).toEqual([])
    expect((await own.delete(`${path}/github/link`)).status).toBe(404)
  })
})
