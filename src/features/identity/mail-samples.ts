import type { MailSample } from '../../platform/mail/content.ts'
import { NOTICE_KINDS } from './events.ts'
import { noticeMail } from './notices/notice-mails.ts'
import {
  addressChangedMail,
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
export function identityMailSamples(frontendUrl: string): MailSample[] {
  const noticed = { at: AT, userAgent: SOME_DEVICE, place: 'London, GB', subject: 'My laptop' }
  const notices = NOTICE_KINDS.map((kind) => ({
    name: kind,
    content: noticeMail({ ...noticed, kind }, READER, { frontendUrl }),
  }))
  return [...recoverySamples(frontendUrl), ...notices]
}

function recoverySamples(frontendUrl: string): MailSample[] {
  const letter = { firstName: READER.firstName, appName: 'Selvage' }
  const asked = { at: AT, userAgent: SOME_DEVICE, place: 'London, GB' }
  const linkTo = (page: 'verify-email' | 'reset-password') => mailedLink(frontendUrl, page, 'token-of-a-sample')
  return [
    { name: 'verify-email', content: verificationMail({ ...letter, link: linkTo('verify-email') }) },
    { name: 'welcome', content: welcomeMail({ ...letter, homeUrl: `${frontendUrl}/` }) },
    { name: 'reset-password', content: resetMail({ ...letter, ...asked, link: linkTo('reset-password') }) },
    { name: 'confirm-new-address', content: newAddressMail({ ...letter, ...asked, link: linkTo('verify-email') }) },
    { name: 'address-was-changed', content: addressChangedMail({ ...letter, ...asked }) },
  ]
}
