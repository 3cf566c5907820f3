import { isoTime } from '../../../platform/clock.ts'
import type { MailContent } from '../../../platform/mail/content.ts'
import { isPlainWords } from '../../../platform/mail/plain-words.ts'
import { deviceWords } from '../notices/device-words.ts'

/** Who is written to, and in whose name. */
export interface Letter {
  firstName: string
  appName: string
  supportAddress?: string | undefined
}

/** When, with what and from where something was asked for, as far as it is known. */
export interface Circumstances {
  /** Milliseconds. */
  at: number
  userAgent: string | null
  place: string | null
}

const NOT_YOU = 'If this was not you, ignore this mail: nothing has changed.'

/** A link whose token stands behind the `#`: browsers send that to no server, so it is in no log. */
export function mailedLink(frontendUrl: string, page: 'verify-email' | 'reset-password', token: string): string {
  return `${frontendUrl}/app/${page}#token=${token}`
}

export function resetMail({
  firstName,
  appName,
  link,
  supportAddress,
  ...asked
}: Letter & Circumstances & { link: string }) {
  return {
    subject: `Password reset request for ${appName}`,
    heading: 'Choose a new password',
    name: firstName,
    paragraphs: [
      `Somebody, most likely you, asked to reset the password of your account at ${appName}. ` +
        'Press the button to choose a new one. All devices are signed out then, and your second step stays as it is.',
    ],
    action: { label: 'Choose a new password', url: link },
    facts: factsOf(asked),
    notes: [
      'The link is good for 1 hour, and once.',
      `${NOT_YOU} If such mails keep coming, ${contact(supportAddress)}.`,
    ],
  } satisfies MailContent
}

export function invitationMail({ firstName, appName, link }: Letter & { link: string }) {
  return {
    subject: `An account at ${appName} was made for you`,
    heading: `Welcome to ${appName}`,
    name: firstName,
    paragraphs: [`An account at ${appName} was made for you. Press the button to choose its password.`],
    action: { label: 'Choose a password', url: link },
    notes: [
      'The link is good for 1 hour, and once. After that, ask for another one under "Forgot your password?".',
      'If you do not know us, ignore this mail: without the button nobody can use the account.',
    ],
  } satisfies MailContent
}

export function verificationMail({ firstName, appName, link }: Letter & { link: string }) {
  return {
    subject: `Verify your e-mail address for ${appName}`,
    heading: `Welcome to ${appName}`,
    name: firstName,
    paragraphs: ['Press the button to show that this address is yours. Then your account has all that it can do.'],
    action: { label: 'Verify my address', url: link },
    notes: [
      'The link is good for 24 hours, and once.',
      'If you have no account with us, ignore this mail: without the button nobody can use your address.',
    ],
  } satisfies MailContent
}

export function welcomeMail({ firstName, appName, homeUrl }: Letter & { homeUrl: string }) {
  return {
    subject: `Welcome to ${appName}`,
    heading: 'Your address is verified',
    name: firstName,
    paragraphs: [
      `Thank you. Your e-mail address is verified, and your account at ${appName} has full access now.`,
      'It is good to have you here.',
    ],
    action: { label: `Open ${appName}`, url: homeUrl },
  } satisfies MailContent
}

export function newAddressMail({ firstName, appName, link, ...asked }: Letter & Circumstances & { link: string }) {
  return {
    subject: `Confirm your new e-mail address for ${appName}`,
    heading: 'Confirm your new address',
    name: firstName,
    paragraphs: [
      `You asked to use this address for your account at ${appName}. Press the button to confirm that it is yours. ` +
        'Until then you sign in with the one you have.',
    ],
    action: { label: 'Use this address', url: link },
    facts: factsOf(asked),
    notes: ['The link is good for 24 hours, and once.', NOT_YOU],
  } satisfies MailContent
}

/** Goes to the address that an account had until now. */
export function addressChangedMail({ firstName, appName, supportAddress, ...changed }: Letter & Circumstances) {
  return {
    subject: `Your e-mail address at ${appName} was changed`,
    heading: 'Your address was changed',
    name: firstName,
    paragraphs: [
      `Your account at ${appName} has a new e-mail address. From now on you sign in with that one, ` +
        'and mail about your account goes there. This is the last one that comes here.',
    ],
    facts: factsOf(changed),
    notes: [`If this was not you, ${contact(supportAddress)} at once: somebody else may be in your account.`],
  } satisfies MailContent
}

function contact(supportAddress: string | undefined): string {
  return supportAddress === undefined ? 'contact support' : `contact support at ${supportAddress}`
}

function factsOf({ at, userAgent, place }: Circumstances): { label: string; value: string }[] {
  const device = deviceWords(userAgent)
  return [
    { label: 'When', value: `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC` },
    ...(device === undefined ? [] : [{ label: 'Device', value: device }]),
    ...(place !== null && isPlainWords(place) ? [{ label: 'Near', value: place }] : []),
  ]
}
