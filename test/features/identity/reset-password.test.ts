import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import worker from '../../../src/index.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/platform/clock.ts'
import { sha256Hex } from '../../../src/platform/security/encoding.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Answer, type Api, createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { mailsTo, newestToken } from '../../support/mails.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession, type TestPerson } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'
import { from, newAddress, strictApi } from '../../support/strict-api.ts'

const NEW = 'Kettle-river-anvil-9'
const queues = holdQueues()
/** A hash that costs little: how much it costs is tested elsewhere. */
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const api = createApi({ passwords })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)
const person = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, { passwordHash, ...given })

const ask = (by: Api, email: string, options?: Parameters<Api['post']>[2]) =>
  by.post<{ message: string }>('/v1/auth/forgot-password', { email }, options)
const reset = (token: string, newPassword = NEW, confirmPassword = newPassword, by = api) =>
  by.post('/v1/auth/reset-password', { token, newPassword, confirmPassword })
const signIn = (email: string, password: string, by: Api = api) =>
  by.post<SignedIn>('/v1/auth/login', { email, password })
const row = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .first<Record<string, unknown>>()
const acts = async (targetId: string) => {
  const { results } = await env.DB.prepare('select action, reason from audit where target_id = ? order by id')
    .bind(targetId)
    .all<{ action: string; reason: string | null }>()
  return results
}
const actions = async (targetId: string) => (await acts(targetId)).map(({ action }) => action)

/** What of an answer somebody could tell accounts by. */
function outside({ status, headers, body, costs }: Answer) {
  const names = [...headers.keys()].filter((name) => !['x-request-id', 'server-timing', 'traceparent'].includes(name))
  return { status, names, data: body.data, message: body.message, costs }
}

/** A person, and the token that was mailed to them because they asked. */
async function mailed(by: Api = api): Promise<{ ann: TestPerson; token: string }> {
  const ann = await person()
  await ask(by, ann.email)
  await queues.deliver()
  return { ann, token: await newestToken(ann.email) }
}

describe('asking for a reset', () => {
  it('answers, writes and sends the same for a known, an unknown and a deactivated account, and hashes nothing (R9.2, S15)', async () => {
    const [known, inactive] = [await person(), await person({ isActive: false })]
    const hashed = vi.fn()
    const works = (['hash', 'verify', 'verifyNothing'] as const).map((work) =>
      vi.spyOn(passwords, work).mockImplementation(hashed),
    )
    const answers: Answer[] = []
    for (const email of [known.email, `nobody${known.email}`, inactive.email]) {
      answers.push(await ask(api, email, from(newAddress())))
    }
    for (const work of works) work.mockRestore()
    const [first, ...others] = answers.map(outside)
    expect(first).toMatchObject({ status: 200, costs: { d1Trips: 2, queueSends: 1 } })
    for (const other of others) expect(other).toEqual(first)
    expect(hashed).not.toHaveBeenCalled()

    await queues.deliver()
    expect(await mailsTo(inactive.email)).toEqual([])
    expect(await mailsTo(`nobody${known.email}`)).toEqual([])
    expect(await mailsTo(known.email)).toHaveLength(1)
  })

  it('mails a link with the token behind the #, which stands nowhere else: what is kept is its hash (R9.3, R9.4, X13)', async () => {
    const { ann, token } = await mailed()
    const [mail] = await mailsTo(ann.email)
    expect(mail?.text).toContain(`http://localhost:8787/app/reset-password#token=${token}`)
    expect(mail?.html).toContain(`/app/reset-password#token=${token}`)
    const kept = await row('select * from mailed_tokens where user_id = ?', ann.id)
    expect(kept).toMatchObject({ purpose: 'reset-password', hash: await sha256Hex(token), email: ann.email })
    for (const table of ['mailed_tokens', 'outbox', 'audit', 'inbox', 'users', 'sessions', 'dead_letters']) {
      const { results } = await env.DB.prepare(`select * from "${table}"`).all()
      expect([table, JSON.stringify(results).includes(token)]).toEqual([table, false])
    }
  })

  it('says in the mail what it is, who and from where, how long it is good and what to do otherwise (R9.11, R9.17)', async () => {
    const ann = await person({ firstName: 'Ann <b>' })
    const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0'
    await ask(api, ann.email, { headers: { 'user-agent': userAgent } })
    await queues.deliver()
    const [mail] = await mailsTo(ann.email)
    expect(mail?.subject).toBe('Password reset request for Selvage')
    for (const part of ['1 hour', 'ignore', 'contact support', 'Firefox on Windows', 'UTC']) {
      expect([part, mail?.text.includes(part), mail?.html.includes(part)]).toEqual([part, true, true])
    }
    expect(mail?.html).not.toContain('<b>')
  })

  it('makes a new link at each asking, and the one before worthless (R9.3)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const { ann, token } = await mailed(later)
    now += 61 * SECOND_MS
    await ask(later, ann.email)
    await queues.deliver()
    const second = await newestToken(ann.email)
    expect(second).not.toBe(token)
    expect(await reset(token)).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } })
    expect((await reset(second)).status).toBe(200)
  })

  it('mails once a minute at most, with the same answer as ever, and rarely where it is asked all day (R9.16)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const ann = await person()
    const askAgain = async (afterMs: number) => {
      now += afterMs
      const { status, body } = await ask(later, ann.email)
      await queues.deliver()
      return [status, body.data.message, (await mailsTo(ann.email)).length]
    }
    const told = 'If an account has this address, a mail with a link is on its way.'
    expect(await askAgain(0)).toEqual([200, told, 1])
    expect(await askAgain(59 * SECOND_MS)).toEqual([200, told, 1])
    expect(await askAgain(SECOND_MS)).toEqual([200, told, 2])
    for (let mails = 3; mails <= 5; mails += 1) expect(await askAgain(MINUTE_MS)).toEqual([200, told, mails])
    expect(await askAgain(MINUTE_MS)).toEqual([200, told, 5])
    expect(await askAgain(14 * MINUTE_MS)).toEqual([200, told, 6])
  })

  it('mails one link, however often and in whatever order the queue delivers (R9.5)', async () => {
    const ann = await person()
    await ask(api, ann.email)
    await queues.deliver({ twice: true })
    expect(await mailsTo(ann.email)).toHaveLength(1)
    expect(await actions(ann.id)).toEqual(['PASSWORD_RESET_MAILED'])
  })

  it('succeeds though no mail can be sent, and sends the same link once it can (R9.5)', async () => {
    const ann = await person()
    expect((await ask(api, ann.email)).status).toBe(200)
    await env.DB.prepare(
      "create trigger no_mail before insert on dev_mails begin select raise(abort, 'down'); end",
    ).run()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    let tries = 0
    await queues.deliver({
      consume: async (...batch) => {
        tries += 1
        if (tries === 2) await env.DB.prepare('drop trigger no_mail').run()
        await worker.queue(...batch)
      },
    })
    logged.mockRestore()
    expect([tries, (await mailsTo(ann.email)).length]).toEqual([2, 1])
    expect((await reset(await newestToken(ann.email))).status).toBe(200)
  })

  it('is a row of the trail with address, ip and device, which does not keep the address itself (R9.15)', async () => {
    const ann = await person()
    const headers = { 'cf-connecting-ip': newAddress(), 'user-agent': 'A browser' }
    await ask(api, ann.email, { headers })
    const found = await row(
      "select * from audit where action = 'PASSWORD_RESET_REQUEST' and ip = ?",
      headers['cf-connecting-ip'],
    )
    expect(found).toMatchObject({ target_type: 'mail_address', user_agent: 'A browser', at: expect.any(Number) })
    expect(JSON.parse(String(found?.details))).toEqual({ email: `p***@people.test` })
    expect(JSON.stringify(found)).not.toContain(ann.email)
    // The mail that follows names the account, under the same correlation id.
    await queues.deliver()
    const mailing = await row("select * from audit where target_id = ? and action = 'PASSWORD_RESET_MAILED'", ann.id)
    expect(mailing?.correlation_id).toBe(found?.correlation_id)
  })

  it('is limited to three a minute from one address, and of one mail address wherever it comes from (R9.13, X14)', async () => {
    const strict = strictApi({ passwords })
    const statuses = async (email: () => string, address: () => string) => {
      const found: number[] = []
      for (let i = 0; i < 4; i += 1) found.push((await ask(strict, email(), from(address()))).status)
      return found
    }
    const [here, mail] = [newAddress(), `${crypto.randomUUID()}@people.test`]
    expect(
      await statuses(
        () => `${crypto.randomUUID()}@people.test`,
        () => here,
      ),
    ).toEqual([200, 200, 200, 429])
    expect(await statuses(() => mail, newAddress)).toEqual([200, 200, 200, 429])
  })
})

describe('a reset', () => {
  it('takes the new password, ends every session at once, leaves MFA on and tells the owner (R9.8, R9.14, R9.12)', async () => {
    const { ann, token } = await mailed()
    const other = await makeSession(api.isolate, ann.id)
    const { secret } = await enrol(api.isolate, ann.id)
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(200)
    expect(await reset(token)).toMatchObject({ status: 200, body: { data: { message: expect.any(String) } } })
    for (const session of [ann, other]) {
      expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await createApi().as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await api.post('/v1/auth/refresh', { refreshToken: session.refreshToken })).status).toBe(401)
    }
    expect((await signIn(ann.email, FIXTURE_PASSWORD)).status).toBe(401)
    expect((await signIn(ann.email, NEW)).body.data).toMatchObject({
      requiresMfa: true,
      methods: ['totp', 'backup-code'],
    })
    const both = { email: ann.email, password: NEW, mfaCode: codeAt(secret, Date.now()) }
    expect((await api.post('/v1/auth/mfa/verify', both)).status).toBe(200)
    expect(await row('select password_changed_at as at from users where id = ?', ann.id)).toEqual({
      at: expect.any(Number),
    })
    await queues.deliver()
    const [told] = await mailsTo(ann.email)
    expect(told?.subject).toContain('password was changed')
    expect(await actions(ann.id)).toEqual(
      expect.arrayContaining(['PASSWORD_RESET_SUCCESS', 'SESSIONS_REVOKED', 'PASSWORD_RESET_MAILED']),
    )
  })

  it('counts what else still lets in, which a new password leaves as it is', async () => {
    const { ann, token } = await mailed()
    const { id } = ann
    const insert = (text: string, ...values: unknown[]) =>
      env.DB.prepare(`insert into ${text} values (${['?1', ...values.map((_, i) => `?${i + 2}`)].join()})`)
        .bind(id, ...values)
        .run()
    await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(id).run()
    for (const passkey of [`${id}-1`, `${id}-2`]) {
      const columns = 'user_id, id, name, public_key, counter, transports, is_backed_up, created_at'
      await insert(`passkeys (${columns})`, passkey, 'Key', 'x', 0, '[]', 0, 1)
    }
    for (const [expiresAt, revokedAt] of [
      [Date.now() + HOUR_MS, null],
      [Date.now() + HOUR_MS, 1],
      [Date.now() - HOUR_MS, null],
    ]) {
      const columns = 'user_id, id, name, hash, hint, scopes, created_at, expires_at, revoked_at'
      await insert(`api_keys (${columns})`, crypto.randomUUID(), 'Key', 'x', 'x', '["read"]', 1, expiresAt, revokedAt)
    }
    // One of a provider that is not configured any more signs nobody in.
    for (const provider of ['github', 'gone']) {
      await insert('linked_identities (user_id, provider, subject, created_at)', provider, id, 1)
    }
    const answer = await reset(token)
    expect(answer.body.data).toMatchObject({ stillLetsIn: { passkeys: 2, apiKeys: 1, linkedAccounts: 1 } })
  })

  it('has one refusal for a token that is unknown, used, expired, replaced, for something else or of another address (R9.6)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const [used, expired, moved, inactive] = [await person(), await person(), await person(), await person()]
    const tokenOf = async (one: TestPerson) => (await makeMailedToken(later.isolate, one, 'reset-password')).token
    const tokens: Record<string, string> = { unknown: 'ab'.repeat(32), expired: await tokenOf(expired) }
    now += HOUR_MS + 1
    tokens.used = await tokenOf(used)
    expect((await reset(tokens.used, NEW, NEW, later)).status).toBe(200)
    tokens.moved = await tokenOf(moved)
    await env.DB.prepare('update users set email = ? where id = ?').bind(`new${moved.email}`, moved.id).run()
    tokens.inactive = await tokenOf(inactive)
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(inactive.id).run()
    tokens.verification = (await makeMailedToken(later.isolate, await person(), 'verify-email')).token

    const answers = await Promise.all(Object.values(tokens).map((token) => reset(token, NEW, NEW, later)))
    const [first, ...others] = answers.map(({ status, body: { code, message, errors } }) => ({
      ...{ status, code, message, errors },
    }))
    expect(first).toMatchObject({ status: 400, code: 'INVALID_TOKEN' })
    for (const other of others) expect(other).toEqual(first)
    // What has expired is cleared; each try is in the trail, with the reason that nobody outside is told.
    expect(await row('select 1 from mailed_tokens where user_id = ?', expired.id)).toBeNull()
    expect((await acts(expired.id)).at(-1)).toEqual({ action: 'PASSWORD_RESET_FAILED', reason: 'expired' })
    expect((await acts(used.id)).at(-1)).toEqual({ action: 'PASSWORD_RESET_FAILED', reason: 'used' })
    expect(await acts((await sha256Hex(tokens.unknown ?? '')).slice(0, 16))).toHaveLength(1)
  })

  it('wants the password twice alike, another than before, and by the rule of registration; the token stays good (R9.1, R9.7, R7.5)', async () => {
    const { ann, token } = await mailed()
    const refused = async (newPassword: string, confirmPassword?: string) => {
      const { status, body } = await reset(token, newPassword, confirmPassword)
      return [status, body.errors?.map(({ field }) => field)]
    }
    expect(await refused(NEW, `${NEW}x`)).toEqual([400, ['confirmPassword']])
    expect(await refused(FIXTURE_PASSWORD)).toEqual([400, ['newPassword']])
    expect(await refused('Passw0rd!')).toEqual([400, ['newPassword']])
    expect(await refused(`P.${ann.username.replaceAll('_', '')}!1a`)).toEqual([400, ['newPassword']])
    expect(await refused('Kettle-river!')).toEqual([400, ['newPassword']])
    // Any character may follow, as the rule looks at the whole of it.
    expect((await reset(token, 'Kettle river ünd ☕ 9!')).status).toBe(200)
    expect((await signIn(ann.email, 'Kettle river ünd ☕ 9!')).status).toBe(200)
  })

  it('succeeds once where one token comes fifty times at once (R9.8)', async () => {
    const { ann, token } = await mailed()
    // One of its own: the others go on with one that compares.
    const ofTest = Object.assign(new PasswordHasher({ log2N: 1, r: 1, p: 1 }), {
      hash: async (password: string) => `$scrypt$ln=4,r=8,p=1$${btoa(password).slice(0, 20)}$AAAA`,
      verify: async () => ({ matches: false, needsRehash: false }),
    })
    const quick = createApi({ passwords: ofTest })
    const before = await row('select version from users where id = ?', ann.id)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => reset(token, `Kettle-river-${i}-A`, undefined, quick)),
    )
    const statuses = answers.map(({ status }) => status)
    expect([statuses.filter((s) => s === 200).length, statuses.filter((s) => s === 400).length]).toEqual([1, 49])
    expect(await row('select version from users where id = ?', ann.id)).toEqual({
      version: Number(before?.version) + 1,
    })
    expect((await actions(ann.id)).filter((action) => action === 'PASSWORD_RESET_SUCCESS')).toHaveLength(1)
  })

  it('lets no sign-in through that had looked at the old password before (R9.8)', async () => {
    const { ann, token } = await mailed()
    const slow = createApi({ passwords })
    const verify = passwords.verify.bind(passwords)
    slow.isolate.passwords = Object.assign(new PasswordHasher({ log2N: 4, r: 8, p: 1 }), {
      verify: async (password: string, hash: string) => {
        const found = await verify(password, hash)
        if (hash === passwordHash) expect((await reset(token)).status).toBe(200)
        return found
      },
    })
    const raced = await signIn(ann.email, FIXTURE_PASSWORD, slow)
    expect([raced.status, raced.body.code]).toEqual([401, 'INVALID_CREDENTIALS'])
    expect(await row('select count(*) as n from sessions where user_id = ? and revoked_at is null', ann.id)).toEqual({
      n: 0,
    })
  })

  it('tells whether a token is still good, and uses nothing up by that (R9.9)', async () => {
    const { ann, token } = await mailed()
    const ask = (query: string) => api.get<{ valid: boolean }>(`/v1/auth/reset-password/validate?${query}`)
    const address = encodeURIComponent(ann.email)
    const good = await ask(`token=${token}&email=${address}`)
    expect(good).toMatchObject({ status: 200, body: { data: { valid: true } } })
    expect(good.headers.get('cache-control')).toContain('no-store')
    expect((await ask(`token=${token}`)).body.data.valid).toBe(true)
    expect((await api.post('/v1/auth/reset-password/validate', { token })).body.data).toEqual({ valid: true })
    for (const query of [`token=${token}&email=x${address}`, `token=${'0'.repeat(64)}`, 'token=nonsense']) {
      expect((await ask(query)).body.data).toEqual({ valid: false })
    }
    expect((await reset(token)).status).toBe(200)
    expect((await ask(`token=${token}`)).body.data.valid).toBe(false)
  })

  it('can be tried three times a minute from one address, and so can its validation (R9.13, R9.9)', async () => {
    const strict = strictApi({ passwords })
    const here = from(newAddress())
    const statuses: number[] = []
    const body = { token: 'ab'.repeat(32), newPassword: NEW, confirmPassword: NEW }
    for (let i = 0; i < 4; i += 1) statuses.push((await strict.post('/v1/auth/reset-password', body, here)).status)
    const path = `/v1/auth/reset-password/validate?token=${body.token}`
    for (let i = 0; i < 4; i += 1) statuses.push((await strict.get(path, here)).status)
    expect(statuses).toEqual([400, 400, 400, 429, 200, 200, 200, 429])
  })
})
