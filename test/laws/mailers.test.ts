import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { createDevMailbox, MOST_KEPT } from '../../src/platform/mail/dev-mailbox.ts'
import { type Mail, type Mailer, MailNotTaken, MailRefused } from '../../src/platform/mail/mailer.ts'
import { createResendMailer } from '../../src/platform/mail/resend-mailer.ts'
import { createSendEmailMailer } from '../../src/platform/mail/send-email-mailer.ts'
import { tellRefusals } from '../../src/platform/mail/tell-refusals.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { createFakeTime, type FakeTime } from '../support/fake-time.ts'
import { recordingLog } from '../support/queues.ts'
import { createResendDouble, type ResendDouble } from '../support/resend-double.ts'

const FROM = { address: 'no-reply@selvage.example', name: 'Selvage, "the" backend' }
const MAIL: Mail = {
  to: { address: 'ann@people.test', name: 'Ann <evil@people.test>' },
  subject: 'Grüße & more',
  html: '<p>Hello</p>',
  text: 'Hello',
}

interface Sent {
  to: unknown
  subject: string
  html?: string | undefined
  text?: string | undefined
}

interface Adapter {
  mailer: Mailer
  sent(): Promise<Sent[]>
}

function overMailbox(): Adapter {
  const sent = async () => {
    const { results } = await env.DB.prepare(
      'select to_address as "to", subject, html, text from dev_mails',
    ).all<Sent>()
    return results
  }
  return { mailer: createDevMailbox(drizzle(env.DB), systemClock), sent }
}

function overResend(time: FakeTime = createFakeTime(), apiKey = 're_right') {
  const double = createResendDouble({ apiKey: 're_right', clock: time.clock })
  const log = recordingLog()
  const mailer = createResendMailer(
    { apiKey, apiUrl: 'https://api.resend.com', from: FROM, userAgent: 'selvage/0.1.0' },
    { log, fetch: double.fetch, ...time },
  )
  const sent = async () => double.sent.map(({ to, ...mail }) => ({ ...mail, to: [to].flat().join() }))
  return { mailer, sent, double, log, time, settle: (mail = MAIL, key = 'k') => time.settle(mailer.send(mail, key)) }
}

/** The platform's binding: keeps what it is given, and answers as its documentation says. */
function overBinding(befall: (() => Promise<never>)[] = [], time?: FakeTime) {
  const taken: Parameters<SendEmail['send']>[0][] = []
  const binding = {
    send: async (mail: Parameters<SendEmail['send']>[0]) => {
      await befall.shift()?.()
      taken.push(mail)
      return { messageId: crypto.randomUUID() }
    },
  } as unknown as SendEmail
  const sent = async () => taken as unknown as Sent[]
  return { mailer: createSendEmailMailer(binding, FROM, time), sent, taken }
}

const ADAPTERS: { name: string; make: () => Adapter; knowsKeys: boolean }[] = [
  { name: 'the mailbox of a laptop', make: overMailbox, knowsKeys: true },
  { name: 'the binding of the platform', make: overBinding, knowsKeys: false },
  { name: 'Resend', make: overResend, knowsKeys: true },
]

beforeEach(async () => {
  await env.DB.exec('delete from dev_mails')
})

describe.each(ADAPTERS)('a mailer over $name', ({ make, knowsKeys }) => {
  it('hands on both bodies and the address, and nothing that the recipient has written (R9.10)', async () => {
    const { mailer, sent } = make()
    await mailer.send(MAIL, 'key')
    const { to, subject, html, text } = MAIL
    expect(await sent()).toEqual([expect.objectContaining({ to: to.address, subject, html, text })])
    expect(JSON.stringify(await sent())).not.toContain('evil')
  })

  it.runIf(knowsKeys)('sends what comes again under one key once, however many come at once', async () => {
    const { mailer, sent } = make()
    await Promise.all(Array.from({ length: 5 }, () => mailer.send(MAIL, 'same')))
    await mailer.send(MAIL, 'same')
    await mailer.send(MAIL, 'another')
    expect(await sent()).toHaveLength(2)
  })
})

describe('the mailbox of a laptop', () => {
  it('keeps the newest of many', async () => {
    let now = 1_000
    const mailer = createDevMailbox(drizzle(env.DB), () => (now += 1))
    await env.DB.prepare(
      `insert into dev_mails (id, to_address, to_name, subject, html, text, created_at)
       select 'old-' || value, '', '', '', '', '', value from json_each(?)`,
    )
      .bind(JSON.stringify(Array.from({ length: MOST_KEPT }, (_, i) => i + 1)))
      .run()
    await mailer.send(MAIL, '0-newest')
    const ids = await env.DB.prepare('select id from dev_mails order by created_at').all<{ id: string }>()
    expect(ids.results).toHaveLength(MOST_KEPT)
    expect([ids.results[0]?.id, ids.results.at(-1)?.id]).toEqual(['old-2', '0-newest'])
  })
})

describe('the binding of the platform', () => {
  const failing = (code: unknown) => async (): Promise<never> => {
    throw Object.assign(new Error('ann@people.test cannot be reached'), { code })
  }

  it('is given the sender by address and name, and takes a mail of ours for real (R9.10, R9.18)', async () => {
    const { mailer, taken } = overBinding()
    await mailer.send(MAIL, 'key')
    expect(taken).toEqual([expect.objectContaining({ from: { email: FROM.address, name: FROM.name } })])
    if (!env.EMAIL) throw new Error('The binding is not there')
    await createSendEmailMailer(env.EMAIL as SendEmail, FROM).send(MAIL, 'key')
  })

  it.each([
    ['E_RECIPIENT_SUPPRESSED', MailRefused],
    ['E_RECIPIENT_NOT_ALLOWED', MailRefused],
    ['E_VALIDATION_ERROR', MailRefused],
    ['E_HEADERS_TOO_LARGE', MailRefused],
    ['E_RATE_LIMIT_EXCEEDED', MailNotTaken],
    ['E_DAILY_LIMIT_EXCEEDED', MailNotTaken],
    ['E_SENDER_NOT_VERIFIED', MailNotTaken],
    ['E_SENDER_DOMAIN_NOT_AVAILABLE', MailNotTaken],
    ['E_DELIVERY_FAILED', Outage],
    ['E_INTERNAL_SERVER_ERROR', Outage],
    ['E_SOMETHING_NEW', Outage],
    [undefined, Outage],
  ])('fails with %s as %o, and repeats nothing that may name the recipient', async (code, kind) => {
    const error = await overBinding([failing(code)])
      .mailer.send(MAIL, 'key')
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(kind)
    const { message, reason } = error as { message: string; reason?: string }
    expect(`${message} ${reason}`).not.toContain('ann@')
  })

  it('that never answers is an outage after a while', async () => {
    const time = createFakeTime()
    const { mailer } = overBinding([() => new Promise<never>(() => undefined)], time)
    await expect(time.settle(mailer.send(MAIL, 'key'))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(time.pending()).toBe(0)
  })
})

describe('Resend', () => {
  let resend: ReturnType<typeof overResend> & { double: ResendDouble }
  beforeEach(() => {
    resend = overResend()
  })

  it('is told who we are, by which key, and the sender as RFC 5322 writes it', async () => {
    await resend.settle(MAIL, 'key-1')
    const { headers, body } = resend.double.requests[0] ?? {}
    expect(Object.fromEntries(headers ?? [])).toMatchObject({
      authorization: 'Bearer re_right',
      'user-agent': 'selvage/0.1.0',
      'idempotency-key': 'key-1',
      'content-type': 'application/json',
    })
    expect(body).toMatchObject({
      from: '"Selvage, \\"the\\" backend" <no-reply@selvage.example>',
      to: [MAIL.to.address],
    })
  })

  it.each([['lost'], ['answer lost']] as const)(
    'gets a mail once where the connection or its answer is %s',
    async (befalls) => {
      resend.double.befall = [befalls, befalls]
      await resend.settle()
      expect(resend.double.requests).toHaveLength(3)
      expect(resend.double.sent).toHaveLength(1)
    },
  )

  it('is asked again after 429, no earlier than it says', async () => {
    resend.double.befall = [{ status: 429, name: 'rate_limit_exceeded', headers: { 'retry-after': '3' } }]
    const before = resend.time.clock()
    await resend.settle()
    expect(resend.time.clock() - before).toBeGreaterThanOrEqual(3_000)
    expect(resend.double.sent).toHaveLength(1)
  })

  it.each([
    [422, 'validation_error', MailRefused],
    [400, 'validation_error', MailRefused],
    [422, 'missing_required_field', MailRefused],
    [403, 'validation_error', MailNotTaken],
    [401, 'restricted_api_key', MailNotTaken],
    [403, 'invalid_api_key', MailNotTaken],
    [422, 'invalid_from_address', MailNotTaken],
    [409, 'concurrent_idempotent_requests', MailNotTaken],
    [429, 'daily_quota_exceeded', MailNotTaken],
    [404, 'not_found', MailNotTaken],
    [500, 'application_error', Outage],
    [503, 'service_unavailable', Outage],
  ])('fails with %d %s as %o, and repeats nothing that may name the recipient', async (status, name, kind) => {
    resend.double.befall = Array.from({ length: 3 }, () => ({ status, name }))
    const error = await resend.settle().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(kind)
    const { message, reason } = error as { message: string; reason?: string }
    expect(`${message} ${reason} ${JSON.stringify(resend.log.lines)}`).not.toMatch(/ann@|re_right/)
    expect(resend.double.sent).toEqual([])
  })

  it('is an outage where nothing or no answer of its own comes', async () => {
    resend.double.befall = ['lost', 'lost', 'lost']
    await expect(resend.settle()).rejects.toBeInstanceOf(Outage)
    resend.double.befall = ['garbage']
    await expect(resend.settle()).rejects.toBeInstanceOf(Outage)
  })

  it('has sent before what it knows under the same key in other words: it does not go out twice', async () => {
    await resend.settle(MAIL, 'same')
    await resend.settle({ ...MAIL, text: 'Hello, a second later' }, 'same')
    expect(resend.double.sent).toHaveLength(1)
    expect(resend.log.of('Mail Sent Before')).toEqual([{ provider: 'resend', mail: 'same' }])
  })
})

describe('a mail that its provider will never have', () => {
  it('is told to the log without its recipient, and asks for no second try; every other failure does', async () => {
    const log = recordingLog()
    const failing = (error: Error): Mailer => ({ send: () => Promise.reject(error) })
    await tellRefusals(failing(new MailRefused('resend: 422 validation_error')), log).send(MAIL, 'key')
    expect(log.lines).toEqual([
      { level: 'warn', message: 'Mail Refused', fields: { mail: 'key', reason: 'resend: 422 validation_error' } },
    ])
    const notTaken = tellRefusals(failing(new MailNotTaken('resend', '429 daily_quota_exceeded')), log)
    await expect(notTaken.send(MAIL, 'key')).rejects.toBeInstanceOf(MailNotTaken)
  })
})
