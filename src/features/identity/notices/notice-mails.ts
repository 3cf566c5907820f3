import type { MailContent } from '../../../platform/mail/content.ts'
import { isPlainWords } from '../../../platform/mail/plain-words.ts'
import type { NoticeKind } from '../events.ts'
import { deviceWords } from './device-words.ts'

interface Words {
  subject: string
  text: string
  /** What the notice's subject is, where it has one. */
  about?: string
  /** Done by who looks after accounts, not by whoever signs in to this one: a new password would not help. */
  isByStaff?: true
  /** How to take back what lets in by itself: a new password leaves it as it is. */
  takeBack?: string
  /** Its owner cannot sign in now, to look at anything. */
  isClosed?: true
}

const WORDS: Record<NoticeKind, Words> = {
  'mfa-set-up': {
    subject: 'An authenticator app is being set up',
    text: 'Somebody who is signed in to your account is setting up an authenticator app. Nothing asks for its codes yet.',
  },
  'mfa-enabled': {
    subject: 'Two-step sign-in is on',
    text: 'From now on, signing in to your account takes a code from your authenticator app as well as your password.',
  },
  'mfa-disabled': {
    subject: 'Two-step sign-in is off',
    text: 'Signing in to your account no longer takes a code from your authenticator app.',
  },
  'backup-code-used': {
    subject: 'A backup code was used',
    text: 'One of your backup codes was used to show that it is you. It cannot be used again.',
  },
  'backup-codes-renewed': {
    subject: 'You have new backup codes',
    text: 'New backup codes were made for your account. The ones from before no longer work.',
  },
  'passkey-added': {
    subject: 'A passkey was added',
    text: 'A passkey was added to your account. Whoever holds it can sign in with it.',
    about: 'Passkey',
    takeBack: 'remove the passkey',
  },
  'passkey-removed': {
    subject: 'A passkey was removed',
    text: 'A passkey was removed from your account. It can no longer be used to sign in.',
    about: 'Passkey',
  },
  'api-key-created': {
    subject: 'An API key was made',
    text: 'An API key was made for your account. Programs that hold it can act in your name.',
    about: 'API key',
    takeBack: 'revoke the key',
  },
  'provider-linked': {
    subject: 'Another way to sign in was added',
    text: 'Your account was linked to an account elsewhere, which can now be used to sign in.',
    about: 'Linked to',
    takeBack: 'unlink that account',
  },
  'provider-unlinked': {
    subject: 'A way to sign in was removed',
    text: 'The link from your account to an account elsewhere was removed. It can no longer be used to sign in.',
    about: 'Linked to',
  },
  'password-changed': {
    subject: 'Your password was changed',
    text:
      'The password of your account was changed, and other devices were signed out. Passkeys and API keys, if you have ' +
      'any, go on working: look through them under Security in your account.',
  },
  'sessions-ended': {
    subject: 'You were signed out everywhere',
    text: 'Somebody who looks after accounts here has signed your account out on all devices. You can sign in again.',
    isByStaff: true,
  },
  'email-change-asked': {
    subject: 'Somebody asked for another e-mail address',
    text:
      'Somebody who is signed in to your account asked to use another e-mail address for it. Nothing has changed yet: ' +
      'it will, once the link that was mailed there is opened. A new password makes that link worthless.',
  },
  'passkey-copied': {
    subject: 'A passkey of yours may have been copied',
    text: 'Somebody tried to sign in to your account by a passkey that looks like a copy of one of yours. They were kept out. Remove that passkey from your account, and add a new one.',
    about: 'Passkey',
  },
  'api-key-revoked': {
    subject: 'An API key was revoked',
    text: 'An API key of your account was revoked. Programs that hold it can no longer act in your name.',
    about: 'API key',
  },
  'ways-in-taken-back': {
    subject: 'Other ways into your account were removed',
    text: 'With the new password, passkeys, API keys and the second step of signing in were taken from your account, as nobody had shown before that this address is theirs. If they were yours, make new ones.',
  },
  'roles-changed': {
    subject: 'Your roles were changed',
    text: 'The roles of your account, which say what you may do, were changed.',
    about: 'Roles now',
    isByStaff: true,
  },
  'permission-changed': {
    subject: 'What you may do was changed',
    text: 'A permission of your account was changed.',
    about: 'Permission',
    isByStaff: true,
  },
  'account-deactivated': {
    subject: 'Your account was deactivated',
    text: 'Your account was deactivated. You are signed out everywhere, and cannot sign in until it is activated again. Nothing was deleted.',
    isByStaff: true,
    isClosed: true,
  },
  'account-reactivated': {
    subject: 'Your account is active again',
    text: 'Your account was activated again: you can sign in.',
    isByStaff: true,
  },
}

export interface Noticed {
  kind: NoticeKind
  subject?: string | undefined
  /** Milliseconds. */
  at: number
  userAgent: string | null
  place: string | null
}

export interface NoticeReader {
  firstName: string
  /** An IANA name. */
  timezone: string
}

/** What the owner of an account is told: what happened, when, from which device and where, and what to do about it. */
export function noticeMail(
  noticed: Noticed,
  reader: NoticeReader,
  { frontendUrl, supportAddress }: { frontendUrl: string; supportAddress?: string | undefined },
): MailContent {
  const { subject, text, about, takeBack, isByStaff, isClosed } = WORDS[noticed.kind]
  const device = deviceWords(noticed.userAgent)
  const support = supportAddress === undefined ? 'contact support' : `contact support at ${supportAddress}`
  return {
    subject,
    heading: subject,
    name: reader.firstName,
    paragraphs: [text],
    ...(isClosed ? {} : { action: { label: 'Review your account', url: `${frontendUrl}/app/account?tab=security` } }),
    facts: [
      // People name these things, and not only the owner's hand may have done so.
      ...(about && noticed.subject && isPlainWords(noticed.subject) ? [{ label: about, value: noticed.subject }] : []),
      { label: 'When', value: timeWords(noticed.at, reader.timezone) },
      ...(device ? [{ label: 'Device', value: device }] : []),
      ...(noticed.place && isPlainWords(noticed.place) ? [{ label: 'Near', value: noticed.place }] : []),
    ],
    notes: isByStaff
      ? ['It was done by somebody who looks after accounts.', `If you think that it is a mistake, ${support}.`]
      : [
          'If this was you, there is nothing to do.',
          `If this was not you, somebody else may be in your account: ${whatToDo(takeBack)}, and ${support}.`,
        ],
  }
}

/** Resetting comes last where something is taken back: it ends the sessions by which more could be added. */
function whatToDo(takeBack: string | undefined): string {
  if (takeBack !== undefined) return `${takeBack} under Security, then reset your password, which signs everybody out`
  return (
    'reset your password at once, which signs everybody out, look under Security for passkeys, API keys and linked ' +
    'accounts that are not yours, as a new password leaves them'
  )
}

function timeWords(at: number, timeZone: string): string {
  const fields = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  const format = (zone: string) =>
    new Intl.DateTimeFormat('en-GB', { ...fields, timeZone: zone, timeZoneName: 'short' }).format(at)
  try {
    return format(timeZone)
  } catch {
    // A zone that this runtime does not know.
    return format('UTC')
  }
}
