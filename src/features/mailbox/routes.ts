import { type Context, Hono } from 'hono'
import { accepts } from '../../http/accept.ts'
import type { AppEnv } from '../../http/app-env.ts'
import { isoTime } from '../../platform/clock.ts'
import { drizzleOver } from '../../platform/db/store.ts'
import { Refusal } from '../../platform/errors.ts'
import { composeMail } from '../../platform/mail/compose.ts'
import type { MailSample } from '../../platform/mail/content.ts'
import {
  framedMail,
  mailboxPage,
  mailPage,
  missingMailPage,
  type ShownMail,
  templatesPage,
} from '../../platform/mail/mailbox-pages.ts'
import type { Mail } from '../../platform/mail/mailer.ts'
import { identityMailSamples } from '../identity/index.ts'
import { findMail, listMails } from './queries.ts'

const READER = { address: 'ada@people.test', name: 'Ada' }

/**
 * The mailbox of a laptop, for whoever develops: the mails that would have gone out, and all that there are as samples.
 * `GET /dev/mail` answers JSON to a program that asks for it; `?to=ADDRESS` picks one person's. Mounted outside of
 * production only, and no part of the API: so these routes have no contracts, and stand for every method.
 */
export const mailboxRoutes = new Hono<AppEnv>()
  .use(async (c, next) => {
    if (c.req.method !== 'GET') {
      c.header('Allow', 'GET, HEAD')
      throw new Refusal('METHOD_NOT_ALLOWED', 'Use GET, HEAD here')
    }
    await next()
    // They hold links that sign people in.
    c.header('Cache-Control', 'no-store')
    c.header('Referrer-Policy', 'no-referrer')
  })
  .all('/', async (c) => {
    const mails = await listMails(drizzleOver(c.env.DB), c.req.query('to')?.trim().toLowerCase())
    const accept = c.req.header('accept') ?? ''
    if (accepts(accept, ['application/json']) && !accepts(accept, ['text/html'])) {
      return c.json({ mails: mails.map(({ createdAt, ...mail }) => ({ ...mail, createdAt: isoTime(createdAt) })) })
    }
    const { MAIL_ADAPTER } = c.get('isolate').settings
    const empty =
      MAIL_ADAPTER === 'mailbox'
        ? 'Nothing was sent yet. What would go out by mail appears here.'
        : `Mail goes out through ${MAIL_ADAPTER}, so nothing is kept here.`
    return answerPage(c, (nonce) => mailboxPage(mails, empty, nonce))
  })
  .all('/templates', (c) => {
    const samples = samplesOf(c).map(({ name, content }) => ({ name, subject: content.subject }))
    return answerPage(c, (nonce) => templatesPage(samples, nonce))
  })
  .all('/templates/:name', (c) => {
    const { name } = c.req.param()
    const mail = composeSample(c, name)
    const facts = [{ label: 'Template', value: name }]
    return answerMail(c, mail && { ...mail, facts, frame: `/dev/mail/templates/${name}/html` })
  })
  .all('/templates/:name/html', (c) => answerFrame(c, composeSample(c, c.req.param('name'))))
  .all('/:id', async (c) => {
    const mail = await findMail(drizzleOver(c.env.DB), c.req.param('id'))
    const shown = mail && {
      ...mail,
      facts: [
        { label: 'To', value: `${mail.toName} <${mail.toAddress}>` },
        { label: 'Sent', value: isoTime(mail.createdAt) },
      ],
      frame: `/dev/mail/${encodeURIComponent(mail.id)}/html`,
    }
    return answerMail(c, shown)
  })
  .all('/:id/html', async (c) => answerFrame(c, await findMail(drizzleOver(c.env.DB), c.req.param('id'))))

function samplesOf(c: Context<AppEnv>): MailSample[] {
  const { FRONTEND_URL, APP_NAME } = c.get('isolate').settings
  return identityMailSamples(FRONTEND_URL, APP_NAME)
}

function composeSample(c: Context<AppEnv>, name: string): Mail | undefined {
  const sample = samplesOf(c).find((one) => one.name === name)
  return sample && composeMail(READER, sample.content, { appName: c.get('isolate').settings.APP_NAME })
}

function answerMail(c: Context<AppEnv>, mail: ShownMail | undefined) {
  return mail ? answerPage(c, (nonce) => mailPage(mail, nonce)) : answerPage(c, missingMailPage, 404)
}

/** A page of ours: no script, one style, and frames of our own. */
function answerPage(
  c: Context<AppEnv>,
  page: (nonce: string) => ReturnType<typeof mailPage>,
  status: 200 | 404 = 200,
): Response | Promise<Response> {
  const nonce = crypto.randomUUID()
  c.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; frame-src 'self'; ${ENCLOSED}; frame-ancestors 'none'`,
  )
  return c.html(page(nonce), status)
}

/** The mail itself, as harmless by itself as in its frame: whatever it holds runs no script and belongs to no origin. */
function answerFrame(c: Context<AppEnv>, mail: Pick<Mail, 'html'> | undefined): Response | Promise<Response> {
  if (!mail) return answerPage(c, missingMailPage, 404)
  const sandbox = 'sandbox allow-popups allow-popups-to-escape-sandbox'
  c.header(
    'Content-Security-Policy',
    `${sandbox}; default-src 'none'; style-src 'unsafe-inline'; ${ENCLOSED}; frame-ancestors 'self'`,
  )
  return c.html(framedMail(mail.html))
}

const ENCLOSED = "base-uri 'none'; form-action 'none'"
