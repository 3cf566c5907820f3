import type { Logger } from '../observability/log.ts'
import { type Mailer, MailRefused } from './mailer.ts'

/**
 * A mail that its provider will never have is told to the log, and that is that: whoever sends it can do no more about
 * it, and people who register dead addresses must not fill the dead letters.
 */
export function tellRefusals(mailer: Mailer, log: Logger): Mailer {
  return {
    async send(mail, key) {
      try {
        await mailer.send(mail, key)
      } catch (error) {
        if (!(error instanceof MailRefused)) throw error
        log.warn('Mail Refused', { mail: key, reason: error.message })
      }
    },
  }
}
