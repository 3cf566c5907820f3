import * as z from 'zod'
import { SECOND_MS } from '../clock.ts'
import type { Logger } from '../observability/log.ts'
import { Outage } from '../resilience/outage.ts'
import { createOutbound, type OutboundPorts } from '../resilience/outbound.ts'
import { type Mailer, MailNotTaken, MailRefused, type MailSender } from './mailer.ts'

const PROVIDER = 'resend'

/** Of the errors that Resend documents those that say: this mail never. All others are about limits and settings. */
const REFUSED = new Set(['validation_error', 'missing_required_field', 'invalid_parameter', 'invalid_attachment'])

const Sent = z.object({ id: z.string().min(1) })
const Failed = z.object({ name: z.string().regex(/^\w{1,60}$/) })

export interface ResendOptions {
  apiKey: string
  /** `https://api.resend.com`, or a double. */
  apiUrl: string
  from: MailSender
  /** `name/version` of ours: Resend turns away whoever does not say who they are. */
  userAgent: string
}

/**
 * Resend's HTTP API (resend.com/docs/api-reference/emails/send-email). It keeps keys for a day, so a send whose answer
 * was lost is made again, and goes out once. What it says beside an error's name may hold the recipient, and is not
 * handed on.
 */
export function createResendMailer(
  { apiKey, apiUrl, from, userAgent }: ResendOptions,
  ports: OutboundPorts & { log: Logger },
): Mailer {
  const url = new URL('/emails', apiUrl)
  const call = createOutbound(
    {
      name: PROVIDER,
      allowedHosts: [url.host],
      timeoutMs: 8 * SECOND_MS,
      retry: { deadlineMs: 25 * SECOND_MS },
      maxRedirects: 0,
      maxAnswerBytes: 64 * 1024,
    },
    ports,
  )
  return {
    async send({ to, subject, html, text }, key) {
      const answer = await call(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
          'user-agent': userAgent,
        },
        body: JSON.stringify({ from: mailbox(from), to: [to.address], subject, html, text }),
      })
      if (answer.ok) {
        if (!Sent.safeParse(await jsonOf(answer)).success) throw unknown('an answer that is none')
        return
      }
      const name = Failed.safeParse(await jsonOf(answer)).data?.name ?? 'no name'
      const why = `${answer.status} ${name}`
      // Another mail has gone out under this key: this one was made of the same event, a moment or a version later.
      if (name === 'invalid_idempotent_request') {
        ports.log.warn('Mail Sent Before', { provider: PROVIDER, mail: key })
        return
      }
      if (answer.status >= 500) throw unknown(why)
      // With 403 the same name says that the account may not send this yet.
      if (REFUSED.has(name) && (answer.status === 400 || answer.status === 422)) {
        throw new MailRefused(`${PROVIDER}: ${why}`)
      }
      throw new MailNotTaken(PROVIDER, why)
    },
  }
}

function unknown(why: string): Outage {
  return new Outage('UNAVAILABLE', { dependency: PROVIDER, why, attempts: 1, durationMs: 0 })
}

/** `Name <address>`, the name in quotes where RFC 5322 demands them. */
function mailbox({ address, name }: MailSender): string {
  const line = name.replaceAll(/\p{Cc}/gu, ' ')
  const isPlain = /^[\p{L}\p{N} ]+$/u.test(line)
  return `${isPlain ? line : `"${line.replaceAll(/["\\]/g, '\\$&')}"`} <${address}>`
}

async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json()
  } catch {
    return undefined
  }
}
