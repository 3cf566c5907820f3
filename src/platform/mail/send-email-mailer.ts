import { SECOND_MS } from '../clock.ts'
import { Outage } from '../resilience/outage.ts'
import { limitTime, systemTiming, type Timing } from '../resilience/time-limit.ts'
import { type Mailer, MailNotTaken, MailRefused, type MailSender } from './mailer.ts'

const PROVIDER = 'send_email'
/** Nobody waits for a mail to go out, but a lane does. */
const SEND_MS = 15 * SECOND_MS

/** About this mail or its recipient: the same again is refused again. */
const REFUSED = /^E_(VALIDATION_ERROR|FIELD_MISSING|TOO_MANY_RECIPIENTS|RECIPIENT_\w+|CONTENT_TOO_LARGE|HEADERS?_\w+)$/
/** A limit, or a domain that is not set up yet: nothing was sent, and one day it will be. */
const NOT_TAKEN = /^E_(RATE_LIMIT_EXCEEDED|DAILY_LIMIT_EXCEEDED|SENDER_\w+)$/

/**
 * Cloudflare's `send_email` binding. It knows no keys, so after a failure that may have come too late nobody knows
 * whether the mail has gone out. Its codes: developers.cloudflare.com/email-service/api/send-emails/workers-api. What
 * it says beside a code may name the recipient, and is not handed on.
 */
export function createSendEmailMailer(
  binding: SendEmail,
  from: MailSender,
  { clock, sleep }: Pick<Timing, 'clock' | 'sleep'> = systemTiming,
): Mailer {
  return {
    async send({ to, subject, html, text }) {
      const startedMs = clock()
      const outage = (code: Outage['code'], why: string) =>
        new Outage(code, { dependency: PROVIDER, why, attempts: 1, durationMs: clock() - startedMs })
      const late = () => outage('DEADLINE_EXCEEDED', `no answer within ${SEND_MS} ms`)
      const sender = { email: from.address, name: from.name }
      try {
        await limitTime({ ms: SEND_MS, late, sleep }, () =>
          binding.send({ from: sender, to: to.address, subject, html, text }),
        )
      } catch (error) {
        if (error instanceof Outage) throw error
        const code = codeOf(error)
        if (REFUSED.test(code)) throw new MailRefused(`${PROVIDER}: ${code}`)
        if (NOT_TAKEN.test(code)) throw new MailNotTaken(PROVIDER, code)
        throw outage('UNAVAILABLE', code)
      }
    },
  }
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : 'an error without a code'
}
