/** One mail to one person. Both bodies say the same. */
export interface Mail {
  to: { address: string; name: string }
  subject: string
  html: string
  text: string
}

/**
 * Sends mail: through the platform's binding, through Resend, or into the mailbox of a laptop. `key` is the same when
 * the same mail is sent again, for those that can tell by it.
 * @throws MailRefused where trying again is no use; anything else is worth another try
 */
export interface Mailer {
  send(mail: Mail, key: string): Promise<void>
}

/** The provider will not have this mail, now or later: the address is not one, or is blocked. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}
