import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { ServiceContext } from '../../../src/context.ts'
import { AccountNoticed } from '../../../src/features/identity/events.ts'
import { identitySubscribers } from '../../../src/features/identity/index.ts'
import { currentCall } from '../../../src/platform/call.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { MailNotTaken } from '../../../src/platform/mail/mailer.ts'
import { consumeBatch, type DeadLetter } from '../../../src/platform/queues/consume.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import { policyOf } from '../../../src/platform/rate-limit/policies.ts'
import { Outage } from '../../../src/platform/resilience/outage.ts'
import { permissionId } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { addPasskey, signInByPasskey } from '../../support/passkeys.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'
import { deliverTo, eventOf, messageFor, recordingLog } from '../../support/queues.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'
import { strictApi } from '../../support/strict-api.ts'

const api = createApi()

interface Kept {
  to_address: string
  subject: string
  html: string
  text: string
}
const mails = async () => (await env.DB.prepare('select * from dev_mails').all<Kept>()).results

function noticeFor(userId: string, payload: object = {}) {
  const at = Date.now()
  return eventOf(AccountNoticed.type, {
    payload: { userId, kind: 'mfa-enabled', at, userAgent: null, place: null, ...payload },
  })
}

/** Delivers it as often as the lane does, until it is taken. Before each delivery its mailer may be made to fail. */
async function deliver(event: ReturnType<typeof noticeFor>, failures: (Error | undefined)[] = [undefined]) {
  const log = recordingLog()
  const buried: DeadLetter[] = []
  const body = messageFor('identity.mail-notice', event)
  for (const [i, failure] of failures.entries()) {
    const failing = failure && { mailer: { send: () => Promise.reject(failure) } }
    await deliverTo(
      (batch) =>
        consumeBatch<ServiceContext>(batch, {
          subscribers: identitySubscribers,
          makeContext: (delivery) => ({
            ...createSystemContext(api.isolate, env as never, 'test', () => undefined, delivery),
            ...failing,
          }),
          bury: async (_ctx, letter) => void buried.push(letter),
          log,
          clock: systemClock,
        }),
      LANES.critical.queue,
      [{ body, attempts: i + 1 }],
    )
  }
  return { log, buried }
}

beforeEach(async () => {
  await env.DB.exec('delete from dev_mails')
})

describe('what happened to an account', () => {
  it('is mailed to its owner once, however often it is delivered (R8.19, R9.5)', async () => {
    const ann = await makePerson(api.isolate, { firstName: '<b>Ann' })
    const event = noticeFor(ann.id)
    await Promise.all([deliver(event), deliver(event)])
    await deliver(event)
    const [mail, ...others] = await mails()
    expect(others).toEqual([])
    expect(mail).toMatchObject({ to_address: ann.email, subject: 'Two-step sign-in is on' })
    expect(mail?.text).toContain('Hello <b>Ann,')
    expect(mail?.html).toContain('Hello &lt;b&gt;Ann,')
    expect(mail?.text).toContain('http://localhost:8787/app/account?tab=security')
  })

  it('is mailed later where the provider would not take it now, and given up to an admin in the end', async () => {
    const ann = await makePerson(api.isolate)
    const full = new MailNotTaken('resend', '429 daily_quota_exceeded')
    await deliver(noticeFor(ann.id), [full, full, undefined])
    expect(await mails()).toHaveLength(1)
    const { buried } = await deliver(noticeFor(ann.id), [full, full, full, full, full])
    expect(buried).toMatchObject([{ attempts: 5, error: expect.stringContaining('429 daily_quota_exceeded') }])
    expect(JSON.stringify(buried)).not.toContain(ann.email)
  })

  it('is not mailed again where nobody knows whether it was (R9.5)', async () => {
    const ann = await makePerson(api.isolate)
    const lost = new Outage('UNAVAILABLE', { why: 'lost', attempts: 1, durationMs: 1 })
    const { log, buried } = await deliver(noticeFor(ann.id), [lost, undefined])
    expect({ mails: await mails(), buried }).toEqual({ mails: [], buried: [] })
    expect(log.of('Outcome Unknown')).toHaveLength(1)
  })

  it('is told to nobody where the account is gone', async () => {
    const ann = await makePerson(api.isolate)
    await env.DB.prepare('update users set deleted_at = 1 where id = ?').bind(ann.id).run()
    const { buried } = await deliver(noticeFor(ann.id))
    expect({ mails: await mails(), buried }).toEqual({ mails: [], buried: [] })
  })
})

it('nobody fills a mailbox with them: what mails one is done thirty times an hour by one person, and counted together', async () => {
  const strict = strictApi()
  const ann = await makePerson(strict.isolate)
  const asks = [{ bucket: 'credentials', rule: policyOf('credentials').rule, amount: 29 }]
  await env.RATE_LIMITER.getByName(`user:${ann.id}`).take(currentCall(), asks)
  expect((await strict.as(ann).post('/v1/auth/mfa/setup')).status).toBe(200)
  for (const [method, path, body] of [
    ['POST', 'mfa/setup', undefined],
    ['POST', 'mfa/enable', { code: '123456' }],
    ['POST', 'mfa/disable', { password: FIXTURE_PASSWORD, mfaCode: '123456' }],
    ['POST', 'mfa/backup-codes/regenerate', { password: FIXTURE_PASSWORD, mfaCode: '123456' }],
    ['POST', 'api-keys', { name: 'A program', scopes: ['read'], expiresInDays: 30 }],
    ['DELETE', 'passkeys/some-key', undefined],
    ['DELETE', 'providers/github/link', undefined],
  ] as const) {
    const { status } = await strict.as(ann).request(method, `/v1/auth/${path}`, { body })
    expect([path, status]).toEqual([path, 429])
  }
})

describe('whose account is changed by somebody else, or who may have been robbed', () => {
  const told = async (userId: string) => {
    const { results } = await env.DB.prepare(
      "select payload from outbox where aggregate_id = ? and type = 'account.noticed' order by id",
    )
      .bind(userId)
      .all<{ payload: string }>()
    return results.map(({ payload }) => JSON.parse(payload))
  }

  it('is told of roles, permissions and a closed account, and not from where an admin did it', async () => {
    const [admin, ann] = [await makePerson(api.isolate, { role: 'admin' }), await makePerson(api.isolate)]
    const as = api.as(admin)
    const headers = { 'user-agent': 'Browser of the admin' }
    const permission = { userId: ann.id, permissionId: await permissionId('view:logs') }
    await as.patch(`/v1/users/${ann.id}/role`, { role: 'moderator' }, { headers })
    await as.patch(`/v1/users/${ann.id}/role`, { role: 'moderator' }, { headers })
    await as.post('/v1/admin/permissions/grant', permission, { headers })
    await as.post('/v1/admin/permissions/revoke', permission, { headers })
    await as.post(`/v1/users/${ann.id}/deactivate`, {}, { headers })
    await as.post(`/v1/users/${ann.id}/reactivate`, {}, { headers })
    const staff = { userAgent: null, place: null }
    expect(await told(ann.id)).toMatchObject([
      { ...staff, kind: 'roles-changed', subject: 'moderator' },
      { ...staff, kind: 'permission-changed', subject: 'view logs (granted)' },
      { ...staff, kind: 'permission-changed', subject: 'view logs (no longer granted)' },
      { ...staff, kind: 'account-deactivated' },
      { ...staff, kind: 'account-reactivated' },
    ])
    await deliver(noticeFor(ann.id, { kind: 'permission-changed', subject: 'view logs (granted)' }))
    expect((await mails()).map(({ text }) => text).join()).toContain('Permission: view logs (granted)')
  })

  it('is told of a revoked API key by its name, once, and of a passkey that was copied', async () => {
    const ann = await makePerson(api.isolate)
    const key = await makeApiKey(ann.id)
    for (let i = 0; i < 2; i += 1) await api.as(ann).delete(`/v1/auth/api-keys/${key.id}`)
    expect(await told(ann.id)).toMatchObject([{ kind: 'api-key-revoked', subject: 'A program' }])
    const { device } = await addPasskey(api, ann)
    await signInByPasskey(api, device, { counter: 10 })
    await signInByPasskey(api, device, { counter: 9 })
    expect((await told(ann.id)).at(-1)).toMatchObject({ kind: 'passkey-copied', subject: 'My laptop' })
  })

  it('is told that other ways in were taken back with a reset, where there were any', async () => {
    const kindsAfterReset = async (prepare: (id: string) => Promise<unknown>) => {
      const person = await makePerson(api.isolate, { isEmailVerified: false })
      await prepare(person.id)
      const { token } = await makeMailedToken(api.isolate, person, 'reset-password')
      const newPassword = 'Kettle-river-anvil-9'
      const body = { token, newPassword, confirmPassword: newPassword }
      expect((await api.post('/v1/auth/reset-password', body)).status).toBe(200)
      return (await told(person.id)).map(({ kind }) => kind).toSorted()
    }
    expect(await kindsAfterReset((id) => makeApiKey(id))).toEqual(['password-changed', 'ways-in-taken-back'])
    expect(await kindsAfterReset(async () => undefined)).toEqual(['password-changed'])
  })
})
