import type { ServiceContext } from '../../../context.ts'
import type { EventEnvelope } from '../../../platform/events.ts'
import { composeMail } from '../../../platform/mail/compose.ts'
import type { MailContent } from '../../../platform/mail/content.ts'
import type { TokenPurpose } from '../domain/mailed-tokens.ts'
import { findTaken } from '../queries.ts'
import { issueToken } from './issue-token.ts'
import { addressChangedMail, mailedLink, newAddressMail, resetMail, verificationMail, welcomeMail } from './mails.ts'
import { type Addressee, findAddressee, findRecipient } from './queries.ts'

type Asked = Pick<EventEnvelope, 'id' | 'occurredAt'>

/** Mails the link that resets a password, where an account with this address may use one. */
export async function mailReset(
  ctx: ServiceContext,
  event: Asked & { payload: { email: string; place: string | null } },
): Promise<void> {
  const kind = { purpose: 'reset-password', audited: 'PASSWORD_RESET_MAILED' } as const
  const person = await findFor(ctx, { email: event.payload.email }, kind)
  if (!person?.isActive) return
  const token = await issueToken(ctx, event, person, { ...kind, email: person.email })
  if (token === undefined) return
  const { FRONTEND_URL, APP_NAME: appName } = ctx.settings
  const link = mailedLink(FRONTEND_URL, 'reset-password', token)
  const asked = { at: event.occurredAt, place: event.payload.place }
  await send(ctx, person, resetMail({ firstName: person.firstName, appName, link, ...asked }), event.id)
}

/** What became of a wish to mail somebody their verification. */
export type Mailing = 'unknown' | 'verified' | 'not-due' | 'sent'

/** Mails the link that verifies an address, where it waits for that. What became of it is for the log alone. */
export async function mailVerification(
  ctx: ServiceContext,
  event: Asked,
  who: { email: string } | { userId: string },
): Promise<Mailing> {
  const kind = { purpose: 'verify-email', audited: 'EMAIL_VERIFICATION_MAILED' } as const
  const person = await findFor(ctx, who, kind)
  if (!person?.isActive) return 'unknown'
  if (person.isEmailVerified) return 'verified'
  const token = await issueToken(ctx, event, person, { ...kind, email: person.email })
  if (token === undefined) return 'not-due'
  const { FRONTEND_URL, APP_NAME: appName } = ctx.settings
  const link = mailedLink(FRONTEND_URL, 'verify-email', token)
  await send(ctx, person, verificationMail({ firstName: person.firstName, appName, link }), event.id)
  return 'sent'
}

/** Mails the link that makes an address the account's, unless somebody else has it: then nobody is told anything. */
export async function mailNewAddress(
  ctx: ServiceContext,
  event: Asked & { payload: { userId: string; email: string; place: string | null } },
): Promise<void> {
  const { userId, email, place } = event.payload
  const kind = { purpose: 'change-email', audited: 'EMAIL_CHANGE_MAILED' } as const
  const person = await findFor(ctx, { userId }, kind)
  if (!person?.isActive || email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) return
  if ((await findTaken(ctx.core.db, email, '')).email) return
  const token = await issueToken(ctx, event, person, { ...kind, email })
  if (token === undefined) return
  const { FRONTEND_URL, APP_NAME: appName } = ctx.settings
  const link = mailedLink(FRONTEND_URL, 'verify-email', token)
  const content = newAddressMail({ firstName: person.firstName, appName, link, at: event.occurredAt, place })
  await send(ctx, { ...person, email }, content, event.id)
}

export async function mailWelcome(ctx: ServiceContext, eventId: string, userId: string): Promise<void> {
  const person = await findRecipient(ctx.core.db, userId)
  if (!person?.isActive) return
  const { FRONTEND_URL, APP_NAME: appName } = ctx.settings
  await send(ctx, person, welcomeMail({ firstName: person.firstName, appName, homeUrl: `${FRONTEND_URL}/` }), eventId)
}

/** Tells the address that an account had before. */
export async function mailAddressChanged(
  ctx: ServiceContext,
  event: Asked & { payload: { userId: string; from: string; place: string | null } },
): Promise<void> {
  const { userId, from, place } = event.payload
  const person = await findRecipient(ctx.core.db, userId)
  if (!person) return
  const { APP_NAME: appName } = ctx.settings
  const content = addressChangedMail({ firstName: person.firstName, appName, at: event.occurredAt, place })
  await send(ctx, { ...person, email: from }, content, event.id)
}

function findFor(
  ctx: ServiceContext,
  who: { email: string } | { userId: string },
  kind: { purpose: TokenPurpose; audited: string },
): Promise<Addressee | undefined> {
  return findAddressee(ctx.core.db, who, { ...kind, now: ctx.clock() })
}

async function send(
  { mailer, settings }: ServiceContext,
  { email, firstName }: Pick<Addressee, 'email' | 'firstName'>,
  content: MailContent,
  key: string,
): Promise<void> {
  const mail = composeMail({ address: email, name: firstName }, content, { appName: settings.APP_NAME })
  await mailer.send(mail, key)
}
