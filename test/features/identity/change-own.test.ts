import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { SECOND_MS } from '../../../src/platform/clock.ts'
import { newId } from '../../../src/platform/ids.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Api, createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { mailsTo, newestToken } from '../../support/mails.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'
import { strictApi } from '../../support/strict-api.ts'

const NEW = 'Kettle-river-anvil-9'
const ASKED = 'Somebody asked for another e-mail address'
const queues = holdQueues()
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const api = createApi({ passwords })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)
const person = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, { passwordHash, ...given })

const change = (who: { accessToken: string }, currentPassword: string, newPassword: string, by: Api = api) =>
  by.as(who).post('/v1/auth/change-password', { currentPassword, newPassword })
const changeEmail = (who: { accessToken: string }, newEmail: string, by: Api = api) =>
  by.as(who).post<{ message: string }>('/v1/auth/change-email', { newEmail })
const verify = (token: string) => api.post<{ message: string }>('/v1/auth/verify-email', { token })
const signIn = (email: string, password: string) => api.post<SignedIn>('/v1/auth/login', { email, password })
const acts = async (targetId: string) => {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by id')
    .bind(targetId)
    .all<{ action: string }>()
  return results.map(({ action }) => action)
}
const emailOf = (id: string) => env.DB.prepare('select email from users where id = ?').bind(id).first('email')

describe('a change of password', () => {
  it('ends all other sessions, voids links under way, tells the owner, and leaves this session (R9.8)', async () => {
    const ann = await person()
    const other = await makeSession(api.isolate, ann.id)
    const links = [
      await makeMailedToken(api.isolate, ann, 'reset-password'),
      await makeMailedToken(api.isolate, { ...ann, email: 'x@people.test' }, 'change-email'),
    ]
    expect((await api.as(other).get('/v1/auth/me')).status).toBe(200)
    expect((await change(ann, FIXTURE_PASSWORD, NEW)).status).toBe(200)
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(200)
    expect((await api.post('/v1/auth/refresh', { refreshToken: ann.refreshToken })).status).toBe(200)
    expect((await api.as(other).get('/v1/auth/me')).status).toBe(401)
    expect((await api.post('/v1/auth/refresh', { refreshToken: other.refreshToken })).status).toBe(401)
    expect((await signIn(ann.email, FIXTURE_PASSWORD)).status).toBe(401)
    expect((await signIn(ann.email, NEW)).status).toBe(200)
    const reset = { token: links[0]?.token, newPassword: 'Other-river-anvil-9', confirmPassword: 'Other-river-anvil-9' }
    expect((await api.post('/v1/auth/reset-password', reset)).body.code).toBe('INVALID_TOKEN')
    expect((await verify(links[1]?.token ?? '')).body.code).toBe('INVALID_TOKEN')
    await queues.deliver()
    expect((await mailsTo(ann.email)).map(({ subject }) => subject)).toEqual([expect.stringContaining('password')])
    expect(await acts(ann.id)).toEqual(expect.arrayContaining(['PASSWORD_CHANGED', 'SESSIONS_REVOKED']))
    // The sockets of this session stay: only the other one is named.
    const told = await env.DB.prepare("select payload from outbox where type = 'sessions.revoked' and aggregate_id = ?")
      .bind(ann.id)
      .first<string>('payload')
    expect(JSON.parse(told ?? '{}')).toMatchObject({ sessionIds: [other.sessionId] })
  })

  it('wants the password that is, and another one by the same rule as everywhere (R7.5, R9.7)', async () => {
    const ann = await person()
    const refused = async (current: string, wanted: string) => {
      const { status, body } = await change(ann, current, wanted)
      return [status, body.errors?.map(({ field }) => field)]
    }
    expect(await refused('Not-the-one-7', NEW)).toEqual([400, ['currentPassword']])
    expect(await refused(FIXTURE_PASSWORD, FIXTURE_PASSWORD)).toEqual([400, ['newPassword']])
    expect(await refused(FIXTURE_PASSWORD, 'Qwerty123!')).toEqual([400, ['newPassword']])
    expect(await refused(FIXTURE_PASSWORD, 'Selvage-2026!')).toEqual([400, ['newPassword']])
    expect((await signIn(ann.email, FIXTURE_PASSWORD)).status).toBe(200)
  })

  it('is locked after five wrong passwords, from wherever they come, and tells those without one what to do', async () => {
    const strict = strictApi({ passwords })
    const ann = await person()
    for (let i = 0; i < 5; i += 1) expect((await change(ann, 'Not-the-one-7', NEW, strict)).status).toBe(400)
    expect((await change(ann, FIXTURE_PASSWORD, NEW, strict)).status).toBe(429)
    const withoutOne = await person({ passwordHash: '!' })
    expect(await change(withoutOne, FIXTURE_PASSWORD, NEW)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await signIn(withoutOne.email, '!')).status).toBe(401)
  })

  it('of whoever signs in by two steps wants the second factor lately, and a password proves nothing, nor is a try', async () => {
    let now = Date.now()
    const timed = strictApi({ passwords, clock: () => now })
    const ann = await makePerson(timed.isolate, { passwordHash })
    now += SECOND_MS
    const { secret } = await enrol(timed.isolate, ann.id)
    // A session that began by a password, a second before.
    for (let i = 0; i < 6; i += 1) {
      for (const refused of [
        await change(ann, i === 0 ? FIXTURE_PASSWORD : 'Not-the-one-7', NEW, timed),
        ...(i === 0 ? [await changeEmail(ann, `${newId()}@people.test`, timed)] : []),
      ]) {
        expect([refused.status, refused.body.code, refused.body.stepUp]).toEqual([
          ...[403, 'STEP_UP_REQUIRED', { methods: ['totp', 'backup-code'] }],
        ])
      }
    }
    expect((await timed.as(ann).post('/v1/auth/step-up', { mfaCode: codeAt(secret, now) })).status).toBe(200)
    expect((await changeEmail(ann, `${newId()}@people.test`, timed)).status).toBe(200)
    expect((await change(ann, FIXTURE_PASSWORD, NEW, timed)).status).toBe(200)
    now += 5 * 60 * SECOND_MS
    expect((await change(ann, NEW, FIXTURE_PASSWORD, timed)).body.code).toBe('STEP_UP_REQUIRED')
  })

  it('that comes twenty times at once is made once', async () => {
    const ann = await person()
    const quick = createApi({ passwords: new PasswordHasher({ log2N: 1, r: 1, p: 1 }) })
    quick.isolate.passwords.verify = async () => ({ matches: true, needsRehash: false })
    quick.isolate.passwords.hash = async (password) => `$scrypt$ln=1,r=1,p=1$AAAA$${btoa(password).slice(0, 8)}`
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => (await change(ann, FIXTURE_PASSWORD, `${i}-${NEW}`, quick)).status),
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect((await acts(ann.id)).filter((action) => action === 'PASSWORD_CHANGED')).toHaveLength(1)
  })
})

describe('a change of address', () => {
  it('counts once mail to the new one is shown to arrive; the old one is told (R10.18)', async () => {
    const ann = await person()
    const reset = await makeMailedToken(api.isolate, ann, 'reset-password')
    const wanted = `${newId()}@people.test`
    expect((await changeEmail(ann, wanted.toUpperCase())).status).toBe(200)
    await queues.deliver({ twice: true })
    expect(await emailOf(ann.id)).toBe(ann.email)
    const [mail, ...others] = await mailsTo(wanted)
    expect([mail?.subject, others]).toEqual(['Confirm your new e-mail address for Selvage', []])
    expect((await mailsTo(ann.email)).map(({ subject }) => subject)).toEqual([ASKED])

    expect((await verify(await newestToken(wanted))).body.data.message).toContain('this address now')
    expect((await api.as(ann).get('/v1/auth/me')).body.data).toMatchObject({ email: wanted, isEmailVerified: true })
    expect((await signIn(ann.email, FIXTURE_PASSWORD)).status).toBe(401)
    expect((await signIn(wanted, FIXTURE_PASSWORD)).status).toBe(200)
    // What was mailed to the old address opens nothing any more.
    const body = { token: reset.token, newPassword: NEW, confirmPassword: NEW }
    expect((await api.post('/v1/auth/reset-password', body)).body.code).toBe('INVALID_TOKEN')
    await queues.deliver({ twice: true })
    const told = (await mailsTo(ann.email)).map(({ subject }) => subject)
    expect(told).toEqual(['Your e-mail address at Selvage was changed', ASKED])
    expect(await acts(ann.id)).toEqual(expect.arrayContaining(['EMAIL_CHANGE_REQUEST', 'EMAIL_CHANGED']))
  })

  it('says nothing of whether somebody has the address, and mails them nothing (S15)', async () => {
    const [ann, bob] = [await person(), await person()]
    const [taken, free] = [
      await changeEmail(ann, bob.email),
      await changeEmail(await person(), `${newId()}@people.test`),
    ]
    const work = ({ costs: { d1Trips, d1Queries, objectHops, queueSends } }: typeof taken) => {
      return [d1Trips, d1Queries, objectHops, queueSends]
    }
    expect([taken.status, taken.body.data, work(taken)]).toEqual([free.status, free.body.data, work(free)])
    const kept = await changeEmail(await person(), 'root@selvage.test')
    expect([kept.status, kept.body.data]).toEqual([free.status, free.body.data])
    await queues.deliver()
    expect([await mailsTo(bob.email), await mailsTo('root@selvage.test')]).toEqual([[], []])
  })

  it('is given to one where two wait for the same address, and its link is refused where it was taken meanwhile', async () => {
    const [ann, bob] = [await person(), await person()]
    const email = `${newId()}@people.test`
    const [first, second] = [
      await makeMailedToken(api.isolate, { id: ann.id, email }, 'change-email'),
      await makeMailedToken(api.isolate, { id: bob.id, email }, 'change-email'),
    ]
    const answers = await Promise.all([verify(first.token), verify(second.token)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400])
    expect(answers.find(({ status }) => status === 400)?.body.code).toBe('INVALID_TOKEN')
    expect([await emailOf(ann.id), await emailOf(bob.id)].filter((one) => one === email)).toHaveLength(1)
  })

  it('is told to the address that there is before it counts, and a reset keeps it from counting', async () => {
    const ann = await person()
    const wanted = `${newId()}@people.test`
    await changeEmail(ann, wanted)
    await queues.deliver()
    const [told] = await mailsTo(ann.email)
    expect([told?.subject, told?.text.includes('reset your password')]).toEqual([ASKED, true])
    expect(told?.text).not.toContain(wanted)
    const { token } = await makeMailedToken(api.isolate, ann, 'reset-password')
    await api.post('/v1/auth/reset-password', { token, newPassword: NEW, confirmPassword: NEW })
    expect((await verify(await newestToken(wanted))).body.code).toBe('INVALID_TOKEN')
  })

  it('goes to the corrected address at once, and the link to the mistyped one is worthless from the asking on', async () => {
    const ann = await person()
    const [mistyped, right] = [`${newId()}@people.test`, `${newId()}@people.test`]
    await changeEmail(ann, mistyped)
    await queues.deliver()
    const [wrong, count] = [await newestToken(mistyped), async (email: string) => (await mailsTo(email)).length]
    await changeEmail(ann, mistyped)
    await queues.deliver()
    // Too soon for another mail to the same address: the link that is there stays good.
    expect(await count(mistyped)).toBe(1)
    await changeEmail(ann, right)
    expect((await verify(wrong)).body.code).toBe('INVALID_TOKEN')
    await queues.deliver({ twice: true })
    expect([await count(mistyped), await count(right)]).toEqual([1, 1])
    expect((await verify(await newestToken(right))).status).toBe(200)
    expect(await emailOf(ann.id)).toBe(right)
  })

  it('is mailed to five addresses one after another, and then rests, so that it fills no mailboxes', async () => {
    const ann = await person()
    const addresses = Array.from({ length: 6 }, () => `${newId()}@people.test`)
    for (const address of addresses) {
      await changeEmail(ann, address)
      await queues.deliver()
    }
    const mailed = await Promise.all(addresses.map(async (address) => (await mailsTo(address)).length))
    expect(mailed).toEqual([1, 1, 1, 1, 1, 0])
  })

  it('wants a fresh proof of who asks, and another address than the one there is', async () => {
    let now = Date.now()
    const later = createApi({ clock: () => now })
    const ann = await makePerson(later.isolate)
    expect((await changeEmail(ann, ann.email, later)).body).toMatchObject({ code: 'CONFLICT' })
    now += 301 * SECOND_MS
    const late = await changeEmail(ann, `${newId()}@people.test`, later)
    expect([late.status, late.body.code]).toEqual([403, 'STEP_UP_REQUIRED'])
  })
})
