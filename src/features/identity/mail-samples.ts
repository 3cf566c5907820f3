import type { MailSample } from '../../platform/mail/content.ts'
import { NOTICE_KINDS } from './events.ts'
import { noticeMail } from './notices/notice-mails.ts'
import {
  addressChangedMail,
  invitationMail,
  mailedLink,
  newAddressMail,
  resetMail,
  verificationMail,
  welcomeMail,
} from './recovery/mails.ts'

const SOME_DEVICE = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const READER = { firstName: 'Ada', timezone: 'Europe/London' }
const AT = Date.UTC(2026, 10, 23, 9, 30)

/** Every mail of identity, for `/dev/mail/templates`. */
export function identityMailSamples(frontendUrl: string, appName: string): MailSample[] {
  const where = { at: AT, userAgent: SOME_DEVICE, place: 'London, GB' }
  const letter = { firstName: READER.firstName, appName }
  const link = (page: Parameters<typeof mailedLink>[1]) => mailedLink(frontendUrl, page, '0'.repeat(64))
  const [verify, reset] = [link('verify-email'), link('reset-password')]
  return [
    { name: 'verify-email', content: verificationMail({ ...letter, link: verify }) },
    { name: 'welcome', content: welcomeMail({ ...letter, homeUrl: frontendUrl }) },
    { name: 'reset-password', content: resetMail({ ...letter, ...where, link: reset }) },
    { name: 'invitation', content: invitationMail({ ...letter, link: reset }) },
    { name: 'new-address', content: newAddressMail({ ...letter, ...where, link: verify }) },
    { name: 'address-changed', content: addressChangedMail({ ...letter, ...where }) },
    ...NOTICE_KINDS.map((kind) => ({
      name: kind,
      content: noticeMail({ ...where, kind, subject: 'My laptop' }, READER, { frontendUrl }),
    })),
  ]
}
