import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../platform/clock.ts'

/** What a token in a mail is good for. */
export const TOKEN_PURPOSES = ['verify-email', 'reset-password', 'change-email'] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

/** How long each is good, from when its mail was written. */
export const TOKEN_LIFETIME_MS: Readonly<Record<TokenPurpose, number>> = {
  'reset-password': HOUR_MS,
  'verify-email': DAY_MS,
  'change-email': DAY_MS,
}

const COOL_DOWN_MS = MINUTE_MS
const MANY_A_DAY = 5
const LONG_COOL_DOWN_MS = 15 * MINUTE_MS

/**
 * How long after one mail to a person the next of its kind may follow. Whoever asks for somebody else's mails all day
 * fills no mailbox; and as the newest link is never older than this, and good for longer, they keep nobody out either.
 */
export function coolDownMs(mailedWithinADay: number): number {
  return mailedWithinADay < MANY_A_DAY ? COOL_DOWN_MS : LONG_COOL_DOWN_MS
}

/** The same where the mail before went to another address: whoever has mistyped theirs corrects it at once. */
export function coolDownOfCorrectionMs(mailedWithinADay: number): number {
  return mailedWithinADay < MANY_A_DAY ? 0 : LONG_COOL_DOWN_MS
}

/** An address as the audit trail shows it, which forgets nothing: enough to recognise one's own. */
export function maskedAddress(email: string): string {
  const [name = '', domain = ''] = email.split('@')
  const [first = ''] = name
  return `${first}***@${domain}`
}
