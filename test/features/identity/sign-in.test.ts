import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

const api = createApi()
const person = { email: 'Ann.Lee@people.test', password: 'Sh0rt-but-fine', firstName: 'Ann', lastName: 'Lee' }

describe('registration', () => {
  it('makes an account and signs it in, with the address normalised (R7.11, R7.2, R7.14)', async () => {
    const { status, body } = await api.post<SignedIn>('/v1/auth/register', {
      ...person,
      email: ' Ann.LEE@people.test ',
    })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({
      user: { email: 'ann.lee@people.test', username: 'ann_lee', role: 'user', isEmailVerified: false },
      expiresIn: 900,
      tokenType: 'Bearer',
    })
    const me = await api.as({ accessToken: body.data.accessToken }).get<SignedIn['user']>('/v1/auth/me')
    expect(me.body.data).toMatchObject({ id: body.data.user.id, email: 'ann.lee@people.test' })
  })

  it('begins with the defaults of an account: active, not verified, role user, UTC (R7.1)', async () => {
    const { body } = await api.post<SignedIn>('/v1/auth/register', { ...person, email: 'new@people.test' })
    const row = await env.DB.prepare('select * from users where id = ?').bind(body.data.user.id).first()
    expect(row).toMatchObject({
      email: 'new@people.test',
      first_name: 'Ann',
      last_name: 'Lee',
      is_email_verified: 0,
      is_active: 1,
      timezone: 'UTC',
      locale: 'en',
      version: 1,
    })
    expect([row?.created_at, row?.updated_at]).toEqual([row?.created_at, row?.created_at])
    expect(body.data.user.roles).toEqual(['user'])
  })

  it('stores a salted slow hash with its parameters, and an audit row and event in the same batch (R7.3)', async () => {
    const slow = createApi({ passwords: new PasswordHasher() })
    const { body } = await slow.post<SignedIn>('/v1/auth/register', { ...person, email: 'hash@people.test' })
    const { id } = body.data.user
    const user = await env.DB.prepare('select password_hash from users where id = ?').bind(id).first()
    expect(user?.password_hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[^$]{22}\$[^$]{43}$/)
    const audit = await env.DB.prepare('select action from audit where target_id = ?').bind(id).all()
    expect(audit.results).toEqual([{ action: 'USER_REGISTERED' }])
    const event = await env.DB.prepare('select type, sent_at from outbox where aggregate_id = ?').bind(id).first()
    expect(event).toEqual({ type: 'user.registered', sent_at: expect.any(Number) })
  })

  it('gives one account to thirty registrations of one address at once (R7.11)', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => api.post('/v1/auth/register', { ...person, email: 'race@people.test' })),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    // The others find the address taken, or the one hash of this isolate busy for too long.
    expect(statuses.every((status) => [201, 409, 503].includes(status))).toBe(true)
    const { results } = await env.DB.prepare("select id from users where email = 'race@people.test'").all()
    expect(results).toHaveLength(1)
  })

  it('refuses a taken address and a taken username with the field that is to blame', async () => {
    const taken = await makePerson(api.isolate)
    const email = await api.post('/v1/auth/register', { ...person, email: taken.email.toUpperCase() })
    expect(email).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN', errors: [{ field: 'email' }] } })
    const username = await api.post('/v1/auth/register', {
      ...person,
      email: 'other@people.test',
      username: taken.username,
    })
    expect(username).toMatchObject({ status: 409, body: { code: 'USERNAME_TAKEN', errors: [{ field: 'username' }] } })
  })

  it('gives everybody of one name a username of their own, and one to a name without Latin letters', async () => {
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((n) =>
        api.post<SignedIn>('/v1/auth/register', { ...person, email: `same-${n}@people.test`, lastName: 'Same' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ body }) => body.data.user.username)).size).toBe(4)
    const name = { firstName: '小明', lastName: '王王' }
    const han = await api.post<SignedIn>('/v1/auth/register', { ...person, ...name, email: 'han@people.test' })
    expect(han.body.data.user.username).toMatch(/^user_[a-z2-9]{5}$/)
  })

  it('refuses half characters and control characters in a name, so that what is answered is what is stored', async () => {
    for (const firstName of ['Ann\ud800', 'Ann\u0000', 'Ann\nLee']) {
      const answer = await api.post('/v1/auth/register', { ...person, email: 'odd@people.test', firstName })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'firstName' }] } })
    }
  })

  it('keeps the first admin’s address for them', async () => {
    const answer = await api.post('/v1/auth/register', { ...person, email: 'root@selvage.test' })
    expect([answer.status, answer.body.code]).toEqual([409, 'EMAIL_TAKEN'])
  })

  it.each([
    ['short', 'Ab1!xyz', 'at least 8'],
    ['without a digit', 'Abcdefg!', 'digit'],
    ['without a symbol', 'Abcdefg1', 'symbol'],
    ['without an upper-case letter', 'abcdef1!', 'upper-case'],
    ['too long', `Aa1!${'x'.repeat(125)}`, 'at most 128'],
  ])('refuses a password that is %s, saying why (R7.5)', async (_name, password, why) => {
    const { status, body } = await api.post('/v1/auth/register', { ...person, email: 'weak@people.test', password })
    expect(status).toBe(400)
    expect(body.errors).toEqual([{ field: 'password', message: expect.stringContaining(why) }])
  })

  it('stores nothing that it does not know: an unknown key is refused (R7.4)', async () => {
    const { status, body } = await api.post('/v1/auth/register', { ...person, role: 'admin' })
    expect(status).toBe(400)
    expect(body.errors).toEqual([{ field: 'role', message: 'Unknown field' }])
  })

  it('puts the refresh token into an HttpOnly cookie when asked, and not into the body', async () => {
    const { headers, body } = await api.post<SignedIn>('/v1/auth/register', {
      ...person,
      email: 'cookie@people.test',
      session: 'cookie',
    })
    expect(body.data.refreshToken).toBeUndefined()
    const [cookie = '', marker] = headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-selvage_refresh=[\w-]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    // A page may see that there is one, and no more: with nobody signed in it does not ask in vain.
    expect(marker).toBe('selvage_signed_in=1; Max-Age=604800; Path=/; Secure; SameSite=Lax')
    // Plain http on a laptop: not every browser takes a `Secure` cookie from there.
    const laptop = createApi({ settings: { ENVIRONMENT: 'development' } })
    const local = await laptop.post('/v1/auth/register', { ...person, email: 'local@people.test', session: 'cookie' })
    const [ofLaptop, markerOfLaptop] = local.headers.getSetCookie()
    expect(ofLaptop).toMatch(/; HttpOnly; SameSite=Lax$/)
    expect(markerOfLaptop).toMatch(/^selvage_signed_in=1; Max-Age=\d+; Path=\/; SameSite=Lax$/)
    const refreshed = await api.post<SignedIn>(
      '/v1/auth/refresh',
      {},
      { headers: { cookie: cookie.split(';')[0] ?? '' } },
    )
    expect(refreshed.status).toBe(200)
    expect(refreshed.headers.get('set-cookie')).toContain('__Host-selvage_refresh=')
  })
})

describe('sign-in', () => {
  it('bounds the password before it costs a hash (R7.6)', async () => {
    const hashed = vi.spyOn(api.isolate.passwords, 'verifyNothing')
    const answer = await api.post('/v1/auth/login', { email: 'nobody@people.test', password: 'x'.repeat(129) })
    expect([answer.status, hashed.mock.calls.length]).toEqual([400, 0])
    vi.restoreAllMocks()
  })

  it('makes known who one is, asked for by GET and no other method (R7.18)', async () => {
    const person = await makePerson(api.isolate)
    expect(await api.as(person).get('/v1/auth/me')).toMatchObject({ status: 200, body: { data: { id: person.id } } })
    const posted = await api.as(person).post('/v1/auth/me')
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE, OPTIONS'])
  })

  it('answers tokens and remembers when (R7.12)', async () => {
    const { email, id } = await makePerson(api.isolate)
    const { status, body } = await api.post<SignedIn>('/v1/auth/login', { email, password: FIXTURE_PASSWORD })
    expect(status).toBe(200)
    expect(body.data.user).toMatchObject({ id, isEmailVerified: true })
    const row = await env.DB.prepare('select last_login_at from users where id = ?').bind(id).first()
    expect(row?.last_login_at).toEqual(expect.any(Number))
  })

  it('answers alike for an unknown address, a wrong password and a deactivated account (R7.12, X12)', async () => {
    const known = await makePerson(api.isolate)
    const inactive = await makePerson(api.isolate, { isActive: false })
    const answers = await Promise.all([
      api.post('/v1/auth/login', { email: 'nobody@people.test', password: FIXTURE_PASSWORD }),
      api.post('/v1/auth/login', { email: known.email, password: 'Wrong-Horse-1' }),
      api.post('/v1/auth/login', { email: inactive.email, password: FIXTURE_PASSWORD }),
    ])
    for (const { status, body } of answers) {
      expect(status).toBe(401)
      expect({ code: body.code, message: body.message }).toEqual({
        code: 'INVALID_CREDENTIALS',
        message: 'E-mail address or password is wrong',
      })
    }
  })

  it('costs the same for an unknown address and a wrong password: one statement, one hash', async () => {
    const known = await makePerson(api.isolate)
    const cost = async (email: string) => {
      const hashed = vi.spyOn(api.isolate.passwords, 'verify')
      const hashedNothing = vi.spyOn(api.isolate.passwords, 'verifyNothing')
      const { headers } = await api.post('/v1/auth/login', { email, password: 'Wrong-Horse-1' })
      const hashes = hashed.mock.calls.length + hashedNothing.mock.calls.length
      vi.restoreAllMocks()
      return { hashes, statements: /d1-queries;desc="\d+"/.exec(headers.get('server-timing') ?? '')?.[0] }
    }
    const one = { hashes: 1, statements: 'd1-queries;desc="1"' }
    expect([await cost('nobody@people.test'), await cost(known.email)]).toEqual([one, one])
  })

  it('makes the first admin from the settings once, and only with the right password (R12.26)', async () => {
    const login = (password: string) => api.post<SignedIn>('/v1/auth/login', { email: 'root@selvage.test', password })
    expect((await login('Wrong-Admin-Pa55!')).status).toBe(401)
    const [first, second] = await Promise.all([login('First-Admin-Pa55!'), login('First-Admin-Pa55!')])
    expect(first.body.data.user).toMatchObject({ role: 'admin', username: 'admin' })
    expect([second.status, second.body.data.user.id]).toEqual([200, first.body.data.user.id])
    expect((await login('First-Admin-Pa55!')).status).toBe(200)
    const { results } = await env.DB.prepare(
      "select count(*) as n from user_roles join roles on roles.id = role_id where name = 'admin'",
    ).all()
    expect(results).toEqual([{ n: 1 }])
  })

  it('makes no second admin from the settings once there is one', async () => {
    await makePerson(api.isolate, { role: 'admin' })
    const other = createApi({ settings: { BOOTSTRAP_ADMIN_EMAIL: 'second@selvage.test' } })
    const answer = await other.post('/v1/auth/login', { email: 'second@selvage.test', password: 'First-Admin-Pa55!' })
    expect(answer.status).toBe(401)
  })
})
