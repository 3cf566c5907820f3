import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import { mailVerification } from '../../../src/features/identity/recovery/mail-tokens.ts'
import { checkEmailVerified, findToken } from '../../../src/features/identity/recovery/queries.ts'
import type { VerificationLink } from '../../../src/features/identity/recovery/schemas.ts'
import type { CurrentUser, Registered } from '../../../src/features/identity/schemas.ts'
import { contract, type Policy } from '../../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../../src/http/cost.ts'
import { DAY_MS, SECOND_MS } from '../../../src/platform/clock.ts'
import { drizzleOver } from '../../../src/platform/db/store.ts'
import { newId } from '../../../src/platform/ids.ts'
import { sha256Hex } from '../../../src/platform/security/encoding.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Api, createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { mailsTo, newestToken } from '../../support/mails.ts'
import { makePerson } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'
import { from, newAddress, strictApi } from '../../support/strict-api.ts'

const queues = holdQueues()
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const api = createApi({ passwords })

const register = (by: Api = api) =>
  by.post<Registered>('/v1/auth/register', {
    ...{ email: `${newId()}@people.test`, password: 'Kettle-river-anvil-9', firstName: 'Nell', lastName: 'Moss' },
  })
const verify = (token: string, by = api) => by.post<{ message: string }>('/v1/auth/verify-email', { token })
const resend = (email: string, by = api, options?: Parameters<Api['post']>[2]) =>
  by.post<{ message: string }>('/v1/auth/resend-verification', { email }, options)
const acts = async (targetId: string) => {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by id')
    .bind(targetId)
    .all<{ action: string }>()
  return results.map(({ action }) => action)
}
const isVerified = async (id: string) =>
  (await env.DB.prepare('select is_email_verified as yes from users where id = ?').bind(id).first('yes')) === 1

/** Somebody who has just registered, with the mail that came of it. */
async function newcomer(by: Api = api) {
  const { user, ...tokens } = (await register(by)).body.data
  await queues.deliver()
  return { ...user, ...tokens, token: await newestToken(user.email) }
}

describe('registration', () => {
  it('tells to look into the inbox, where a mail comes once, with the name escaped and a link to our page (R10.9, R10.13, R7.11)', async () => {
    const { status, body } = await api.post<Registered>('/v1/auth/register', {
      ...{ email: `${newId()}@people.test`, password: 'Kettle-river-anvil-9', firstName: 'Nell <i>', lastName: 'Moss' },
    })
    expect(status).toBe(201)
    expect(body.data).toMatchObject({ user: { isEmailVerified: false }, message: expect.stringContaining('inbox') })
    const { email, id } = body.data.user
    expect(await mailsTo(email)).toEqual([])
    await queues.deliver({ twice: true })
    const [mail, ...others] = await mailsTo(email)
    expect(others).toEqual([])
    expect(mail?.subject).toBe('Verify your e-mail address for Selvage')
    for (const part of ['Welcome to Selvage', '24 hours', 'ignore this mail']) {
      expect([part, mail?.text.includes(part), mail?.html.includes(part)]).toEqual([part, true, true])
    }
    expect(mail?.html).not.toContain('<i>')
    expect(mail?.text).toContain(`http://localhost:8787/app/verify-email#token=${await newestToken(email)}`)
    expect(await acts(id)).toEqual(['USER_REGISTERED', 'EMAIL_VERIFICATION_MAILED'])
  })
})

describe('a verification', () => {
  it('takes effect without a new sign-in, here at once and elsewhere, and is welcomed by mail (R7.19, R10.14, R10.18)', async () => {
    const nell = await newcomer()
    expect((await api.as(nell).get<CurrentUser>('/v1/auth/me')).body.data.isEmailVerified).toBe(false)
    expect(await verify(nell.token)).toMatchObject({ status: 200, body: { data: { message: expect.any(String) } } })
    for (const isolate of [api, createApi({ passwords })]) {
      expect((await isolate.as(nell).get<CurrentUser>('/v1/auth/me')).body.data.isEmailVerified).toBe(true)
      const checked = await isolate.as(nell).get('/v1/auth/check-verification')
      expect(checked.body.data).toEqual({ isEmailVerified: true })
    }
    await queues.deliver({ twice: true })
    const [welcome, ...before] = await mailsTo(nell.email)
    expect([welcome?.subject, before.length]).toEqual(['Welcome to Selvage', 1])
    for (const part of ['verified', 'full access', 'Thank you']) expect(welcome?.text).toContain(part)
    expect(await acts(nell.id)).toContain('EMAIL_VERIFIED')
  })

  it('keeps the hash of a token and for a day; what is used, expired or unknown has one refusal (R10.3, R10.4, R10.21)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const [nell, late] = [await newcomer(later), await newcomer(later)]
    const kept = await env.DB.prepare('select * from mailed_tokens where user_id = ?').bind(nell.id).first()
    expect(kept).toMatchObject({ hash: await sha256Hex(nell.token), purpose: 'verify-email' })
    expect((await verify(nell.token, later)).status).toBe(200)
    now += DAY_MS + SECOND_MS
    const answers = [
      await verify(nell.token, later),
      await verify(late.token, later),
      await verify('0'.repeat(64), later),
    ]
    for (const { status, body } of answers) {
      expect([status, body.code, body.message]).toEqual([400, 'INVALID_TOKEN', answers[0]?.body.message])
    }
    expect(await isVerified(late.id)).toBe(false)
    expect((await acts(late.id)).at(-1)).toBe('EMAIL_VERIFICATION_FAILED')
    expect((await acts(nell.id)).filter((action) => action === 'EMAIL_VERIFICATION_FAILED')).toHaveLength(1)
  })

  it('succeeds once where one token comes fifty times at once (R10.4)', async () => {
    const nell = await newcomer()
    const statuses = (await Promise.all(Array.from({ length: 50 }, () => verify(nell.token)))).map(
      ({ status }) => status,
    )
    expect([statuses.filter((s) => s === 200).length, statuses.filter((s) => s === 400).length]).toEqual([1, 49])
    expect((await acts(nell.id)).filter((action) => action === 'EMAIL_VERIFIED')).toHaveLength(1)
    await queues.deliver()
    expect((await mailsTo(nell.email)).map(({ subject }) => subject)).toEqual([
      'Welcome to Selvage',
      expect.any(String),
    ])
  })

  it('takes a whole token and an address and nothing else, and says which field is wrong (R10.1)', async () => {
    const fieldsOf = async (path: string, body: object) => {
      const { status, body: answer } = await api.post(`/v1/auth/${path}`, body)
      return [status, answer.errors?.map(({ field }) => field)]
    }
    expect(await fieldsOf('verify-email', { token: 'ab'.repeat(31) })).toEqual([400, ['token']])
    expect(await fieldsOf('verify-email', { token: 7 })).toEqual([400, ['token']])
    expect(await fieldsOf('verify-email', { token: 'ab'.repeat(32), email: 'a@b.test' })).toEqual([400, ['email']])
    expect(await fieldsOf('resend-verification', { email: 'nobody' })).toEqual([400, ['email']])
    expect(await fieldsOf('resend-verification', {})).toEqual([400, ['email']])
  })

  it('tells whose account it is before anybody confirms, to who holds the token and as long as it is good', async () => {
    const nell = await newcomer()
    const look = async (token: string) =>
      (await api.post<VerificationLink>('/v1/auth/verify-email/validate', { token })).body.data
    const account = { firstName: 'Nell', lastName: 'Moss', username: nell.username }
    expect(await look(nell.token)).toEqual({ valid: true, isNewAddress: false, account })
    const change = await makeMailedToken(api.isolate, { ...nell, email: `new-${nell.email}` }, 'change-email')
    expect(await look(change.token)).toEqual({ valid: true, isNewAddress: true, account })
    // Looking has used nothing up.
    expect((await verify(nell.token)).status).toBe(200)
    const reset = await makeMailedToken(api.isolate, nell, 'reset-password')
    for (const token of [nell.token, reset.token, '0'.repeat(64)]) {
      expect(await look(token)).toEqual({ valid: false, isNewAddress: false, account: null })
    }
  })

  it('of an address that the account has no more proves nothing', async () => {
    const nell = await newcomer()
    await env.DB.prepare('update users set email = ? where id = ?').bind(`new-${nell.email}`, nell.id).run()
    expect((await verify(nell.token)).body.code).toBe('INVALID_TOKEN')
    expect(await isVerified(nell.id)).toBe(false)
  })

  it('is not had by looking at the link: a GET is no method of it (R10.17)', async () => {
    const nell = await newcomer()
    const looked = await api.get(`/v1/auth/verify-email?token=${nell.token}`)
    expect([looked.status, await isVerified(nell.id)]).toEqual([405, false])
    expect((await verify(nell.token)).status).toBe(200)
  })
})

describe('asking for the mail once more', () => {
  it('has one answer and the same work for unknown, waiting and verified addresses (R10.5, S15)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const [waiting, verified] = [await newcomer(later), await newcomer(later)]
    await verify(verified.token, later)
    await queues.deliver()
    now += 61 * SECOND_MS
    const answers = []
    for (const email of [waiting.email, verified.email, `${newId()}@people.test`]) {
      const { status, headers, body, costs } = await resend(email, later, from(newAddress()))
      const names = [...headers.keys()].filter((name) => name !== 'server-timing')
      answers.push({ status, names, data: body.data, costs })
    }
    expect(answers[0]?.status).toBe(200)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    await queues.deliver()
    expect([(await mailsTo(waiting.email)).length, (await mailsTo(verified.email)).length]).toEqual([2, 2])
  })

  it('is for no user that there is not, and for none who is verified or deactivated: the log learns which (R10.2)', async () => {
    const [nell, verified, gone] = [await newcomer(), await newcomer(), await newcomer()]
    await verify(verified.token)
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(gone.id).run()
    await queues.deliver()
    const mailsBefore = (await mailsTo(verified.email)).length
    const occurredAt = api.isolate.clock() + 61 * SECOND_MS
    const become = (userId: string) =>
      mailVerification(
        createSystemContext(api.isolate, env, 'test', () => {}),
        { id: newId(), occurredAt },
        { userId },
      )
    const outcomes = [await become(newId()), await become(gone.id), await become(verified.id), await become(nell.id)]
    expect(outcomes).toEqual(['unknown', 'unknown', 'verified', 'sent'])
    expect([(await mailsTo(verified.email)).length, (await mailsTo(gone.email)).length]).toEqual([mailsBefore, 1])
    // The new one takes the place of the one before.
    expect((await verify(nell.token)).status).toBe(400)
    const [mail] = await mailsTo(nell.email)
    const link = /http:\S+\/app\/verify-email#token=([0-9a-f]{64})\b/.exec(mail?.text ?? '')
    expect((await verify(link?.[1] ?? '')).status).toBe(200)
  })

  it('makes a new link after a minute and none before; the old link is worthless then (R10.6, R10.16, X14)', async () => {
    let now = Date.now()
    const later = createApi({ passwords, clock: () => now })
    const nell = await newcomer(later)
    now += 59 * SECOND_MS
    expect((await resend(nell.email, later)).status).toBe(200)
    await queues.deliver()
    expect(await mailsTo(nell.email)).toHaveLength(1)
    now += 2 * SECOND_MS
    await resend(nell.email, later)
    await queues.deliver()
    expect((await verify(nell.token, later)).status).toBe(400)
    expect((await verify(await newestToken(nell.email), later)).status).toBe(200)
    expect(await acts(nell.id)).toEqual(expect.arrayContaining(['EMAIL_VERIFICATION_MAILED', 'EMAIL_VERIFIED']))
  })

  it('is limited to three in five minutes from one address, and of one mail address wherever it comes from (R10.7, X14)', async () => {
    const strict = strictApi({ passwords })
    const [here, mail] = [newAddress(), `${newId()}@people.test`]
    const statuses: number[] = []
    for (let i = 0; i < 4; i += 1) statuses.push((await resend(`${newId()}@people.test`, strict, from(here))).status)
    for (let i = 0; i < 4; i += 1) statuses.push((await resend(mail, strict, from(newAddress()))).status)
    expect(statuses).toEqual([200, 200, 200, 429, 200, 200, 200, 429])
  })
})

describe('whether an address is verified', () => {
  it('is told to its owner, and is no for a user that there is not (R10.8, R10.10)', async () => {
    const ann = await makePerson(api.isolate, { isEmailVerified: false })
    const checked = await api.as(ann).get('/v1/auth/check-verification')
    expect(checked).toMatchObject({ status: 200, body: { data: { isEmailVerified: false } } })
    expect((await api.get('/v1/auth/check-verification')).status).toBe(401)
    const db = drizzleOver(env.DB)
    expect(await checkEmailVerified(db, newId())).toBe(false)
    await verify((await makeMailedToken(api.isolate, ann, 'verify-email')).token)
    expect(await checkEmailVerified(db, ann.id)).toBe(true)
  })

  it('is found with its account by the token, and changed with the time of the change (R10.15)', async () => {
    const ann = await makePerson(api.isolate, { isEmailVerified: false })
    const rowOf = () =>
      env.DB.prepare('select updated_at, version from users where id = ?').bind(ann.id).first<Record<string, number>>()
    const { token, hash } = await makeMailedToken(api.isolate, ann, 'verify-email')
    expect(await findToken(drizzleOver(env.DB), hash)).toMatchObject({ userId: ann.id, isEmailVerified: false })
    expect(await findToken(drizzleOver(env.DB), '0'.repeat(64))).toBeUndefined()
    const before = await rowOf()
    await verify(token)
    const after = await rowOf()
    expect(after?.updated_at).toBeGreaterThan(before?.updated_at ?? Number.POSITIVE_INFINITY)
    expect(after?.version).toBe((before?.version ?? 0) + 1)
    expect(await findToken(drizzleOver(env.DB), hash)).toMatchObject({ userId: ann.id, isEmailVerified: true })
  })

  it('stands beside what the unverified are answered, in meta: data, refusals and the verified are left alone (R10.19, R10.20)', async () => {
    const ann = await makePerson(api.isolate, { isEmailVerified: false })
    const reminder = expect.stringContaining('Verify your e-mail address')
    const list = await api.as(ann).get<unknown[]>('/v1/auth/sessions')
    expect(list.body.meta._reminder).toEqual(reminder)
    expect(Array.isArray(list.body.data)).toBe(true)
    expect((await createApi().as(ann).get('/v1/notifications')).body.meta).toMatchObject({ _reminder: reminder })
    expect(JSON.stringify((await api.as(ann).get('/v1/admin/users')).body)).not.toContain('_reminder')
    expect(JSON.stringify((await api.get('/version')).body)).not.toContain('_reminder')
    await verify((await makeMailedToken(api.isolate, ann, 'verify-email')).token)
    expect((await api.as(ann).get('/v1/auth/sessions')).body.meta).not.toHaveProperty('_reminder')
  })

  it('is demanded by the routes that say so, and by no others, as it stands now and not as it stood in a token (R10.11, R10.12, R10.16)', async () => {
    const declared = {
      ...{
        tag: 'Probe',
        limits: [],
        idempotency: 'off',
        cache: 'no-store',
        cost: COSTS_NOTHING,
        answers: { 200: null },
      },
    } as const satisfies Omit<Policy, 'access'>
    const guarded = createApi()
    guarded.app.get('/v1/probe', contract('Probe', { ...declared, access: { verifiedEmail: true } }), (c) => c.json({}))
    const ann = await makePerson(guarded.isolate, { isEmailVerified: false })
    expect((await guarded.get('/v1/probe')).status).toBe(401)
    const refused = await guarded.as(ann).get('/v1/probe')
    expect(refused).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } })
    expect(refused.body.message).toContain('Verify')
    expect((await guarded.as(ann).get('/v1/auth/me')).status).toBe(200)
    await verify((await makeMailedToken(guarded.isolate, ann, 'verify-email')).token, guarded)
    expect((await guarded.as(ann).get('/v1/probe')).status).toBe(200)
  })
})
