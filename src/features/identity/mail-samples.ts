import type { MailSample } from '../../platform/mail/content.ts'
import { NOTICE_KINDS } from './events.ts'
import { noticeMail } from './notices/notice-mails.ts'

const SOME_DEVICE = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const READER = { firstName: 'Ada', timezone: 'Europe/London' }
const AT = Date.UTC(2026, 10, 23, 9, 30)

/** Every mail of identity, for `/dev/mail/templates`. */
export function identityMailSamples(frontendUrl: string): MailSample[] {
  const noticed = { at: AT, userAgent: SOME_DEVICE, place: 'London, GB', subject: 'My laptop' }
  return NOTICE_KINDS.map((kind) => ({
    name: kind,
    content: noticeMail({ ...noticed, kind }, READER, { frontendUrl }),
  }))
}
