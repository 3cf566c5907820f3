import type { ServiceContext } from '../../../context.ts'
import type { Act } from '../../../platform/audit/acts.ts'
import type { EventEnvelope } from '../../../platform/events.ts'
import { composeMail } from '../../../platform/mail/compose.ts'
import type { MailContent } from '../../../platform/mail/content.ts'
import type { TokenPurpose } from '../domain/mailed-tokens.ts'
import { findTaken } from '../queries.ts'
import { issueToken } from './issue-token.ts'
import {
  addressChangedMail,
  type Circumstances,
  invitationMail,
  type Letter,
  mailedLink,
  newAddressMail,
  resetMail,
  verificationMail,
  welcomeMail,
} from './mails.ts'
import { type Addressee, findAddressee, findRecipient } from './queries.ts'

type Asked = Pick<EventEnvelope, 'id' | 'occurredAt'>
type Whence = Pick<Circumstances, 'userAgent' | 'place'>

/** Mails the link that resets a password, where an account with this address may use one. */
export async function mailReset(
  ctx: ServiceContext,
  event: Asked & { payload: { email: string } & Whence },
): Promise<void> {
  const kind = { purpose: 'reset-password', audited: 'PASSWORD_RESET_MAILED' } as const
  const person = await findFor(ctx, { email: event.payload.email }, kind)
  if (!person?.isActive) return
  const token = await issueToken(ctx, event, person, { ...kind, email: person.email })
  if (token === undefined) return
  const link = mailedLink(ctx.settings.FRONTEND_URL, 'reset-password', token)
  const { userAgent, place } = event.payload
  const asked = { at: event.occurredAt, userAgent, place }
  await send(ctx, person.email, resetMail({ ...letterTo(ctx, person), ...asked, link }), event.id)
}

/**
 * Mails the link by which somebody chooses the first password of an account that was made for them. It is the one that
 * resets a password, so whoever comes too late asks for another one as everybody does.
 */
export async function mailInvitation(
  ctx: ServiceContext,
  event: Asked & { payload: { userId: string } },
): Promise<void> {
  const kind = { purpose: 'reset-password', audited: 'PASSWORD_RESET_MAILED' } as const
  const person = await findFor(ctx, { userId: event.payload.userId }, kind)
  if (!person?.isActive) return
  const token = await issueToken(ctx, event, person, { ...kind, email: person.email })
  if (token === undefined) return
  const link = mailedLink(ctx.settings.FRONTEND_URL, 'reset-password', token)
  await send(ctx, person.email, invitationMail({ ...letterTo(ctx, person), link }), event.id)
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
  const link = mailedLink(ctx.settings.FRONTEND_URL, 'verify-email', token)
  await send(ctx, person.email, verificationMail({ ...letterTo(ctx, person), link }), event.id)
  return 'sent'
}

/** Mails the link that makes an address the account's, unless somebody else has it: then nobody is told anything. */
export async function mailNewAddress(
  ctx: ServiceContext,
  event: Asked & { payload: { userId: string; email: string } & Whence },
): Promise<void> {
  const { userId, email, userAgent, place } = event.payload
  const kind = { purpose: 'change-email', audited: 'EMAIL_CHANGE_MAILED' } as const
  const person = await findFor(ctx, { userId }, kind)
  if (!person?.isActive || email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) return
  if ((await findTaken(ctx.core.db, email, '')).email) return
  const token = await issueToken(ctx, event, person, { ...kind, email })
  if (token === undefined) return
  const link = mailedLink(ctx.settings.FRONTEND_URL, 'verify-email', token)
  const asked = { at: event.occurredAt, userAgent, place }
  await send(ctx, email, newAddressMail({ ...letterTo(ctx, person), ...asked, link }), event.id)
}

export async function mailWelcome(ctx: ServiceContext, eventId: string, userId: string): Promise<void> {
  const person = await findRecipient(ctx.core.db, userId)
  if (!person?.isActive) return
  const homeUrl = `${ctx.settings.FRONTEND_URL}/`
  await send(ctx, person.email, welcomeMail({ ...letterTo(ctx, person), homeUrl }), eventId)
}

/** Tells the address that an account had before. */
export async function mailAddressChanged(
  ctx: ServiceContext,
  event: Asked & { payload: { userId: string; from: string } & Whence },
): Promise<void> {
  const { userId, from, userAgent, place } = event.payload
  const person = await findRecipient(ctx.core.db, userId)
  if (!person) return
  const changed = { at: event.occurredAt, userAgent, place }
  await send(ctx, from, addressChangedMail({ ...letterTo(ctx, person), ...changed }), event.id)
}

function findFor(
  ctx: ServiceContext,
  who: { email: string } | { userId: string },
  kind: { purpose: TokenPurpose; audited: Act },
): Promise<Addressee | undefined> {
  return findAddressee(ctx.core.db, who, { ...kind, now: ctx.clock() })
}

function letterTo({ settings }: ServiceContext, { firstName }: { firstName: string }): Letter {
  return { firstName, appName: settings.APP_NAME, supportAddress: settings.SUPPORT_ADDRESS }
}

async function send(ctx: ServiceContext, address: string, content: MailContent, key: string): Promise<void> {
  const mail = composeMail({ address, name: content.name }, content, { appName: ctx.settings.APP_NAME })
  await ctx.mailer.send(mail, key)
}
