import { Refusal } from '../errors.ts'

/** One mail to one person. Both bodies say the same. */
export interface Mail {
  to: { address: string; name: string }
  subject: string
  html: string
  text: string
}

/** Whom mails are from: an address of ours, and the name that stands beside it. */
export interface MailSender {
  address: string
  name: string
}

/**
 * Sends mail: through the platform's binding, through Resend, or into the mailbox of a laptop; all pass
 * `test/laws/mailers.test.ts`. `key` is the same when the same mail is sent again, at most 256 characters, for those
 * that can tell by it. Recipients' names are never handed on: they are of their own making.
 * @throws MailRefused where trying again is no use, MailNotTaken where it surely was not sent and may be later, Outage
 *   where nobody knows
 */
export interface Mailer {
  send(mail: Mail, key: string): Promise<void>
}

/** The provider will not have this mail, now or later: the address is not one, or is blocked. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

/**
 * The provider has surely not sent this mail, and may do so later: a limit is reached, or its settings are not in
 * order. A message that fails with it frees its claim and is tried again, then waits for an admin as a dead letter.
 */
export class MailNotTaken extends Refusal {
  override readonly name = 'MailNotTaken'

  constructor(provider: string, why: string) {
    super('CONFLICT', `${provider} does not send mail at the moment: ${why}`, { reason: `${provider}: ${why}` })
  }
}
