import { Hono } from 'hono'
import { requireUser } from '../../../context.ts'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import { Told } from '../schemas.ts'
import { askForReset, askForVerification } from './ask-for-mail.ts'
import { askForNewAddress } from './ask-for-new-address.ts'
import { changePassword } from './change-password.ts'
import { checkEmailVerified } from './queries.ts'
import { isResetTokenValid, resetPassword } from './reset-password.ts'
import {
  AddressBody,
  ChangeEmailBody,
  ChangePasswordBody,
  ForgotPasswordBody,
  MailedTokenBody,
  PasswordReset,
  ResetPasswordBody,
  ResetTokenQuery,
  Validity,
  Verification,
  VerificationLink,
} from './schemas.ts'
import { readVerificationLink, verifyEmail } from './verify-email.ts'

const given = { tag: 'Identity', idempotency: 'off', cache: 'no-store' } as const
const emailOf = ({ email }: AddressBody) => email

export const recoveryRoutes = new Hono<AppEnv>()
  .post(
    '/forgot-password',
    contract('Ask for a mail that resets a password', {
      ...given,
      access: 'public',
      limits: [{ policy: 'forgot-password' }, { policy: 'forgot-password-for', key: emailOf }],
      captcha: 'forgot-password',
      cost: { trips: 2, sequential: 1, rowsRead: 12, rowsWritten: 20, hops: 2, sends: 1 },
      description:
        'Answers and does the same whether there is such an account or not. Where there is one, its owner gets a link, ' +
        'at most one a minute, that is good for an hour and once.',
      json: ForgotPasswordBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await askForReset(c.get('ctx'), c.req.valid('json').email)
      return ok(c, { message: 'If an account has this address, a mail with a link is on its way.' })
    },
  )
  .get(
    '/reset-password/validate',
    contract('Ask whether a reset token is still good', {
      ...given,
      access: 'public',
      limits: [{ policy: 'mailed-tokens' }],
      cost: { trips: 1, sequential: 1, rowsRead: 6, rowsWritten: 4, hops: 1, sends: 0 },
      description:
        'Uses nothing up. A token in a query is in the logs of whatever the request passes (not in ours): pages post it.',
      query: ResetTokenQuery,
      answers: { 200: envelope(Validity) },
    }),
    async (c) => ok(c, { valid: await isResetTokenValid(c.get('ctx'), c.req.valid('query')) }),
  )
  .post(
    '/reset-password/validate',
    contract('Ask whether a reset token is still good, with the token in the body', {
      ...given,
      access: 'public',
      limits: [{ policy: 'mailed-tokens' }],
      cost: { trips: 1, sequential: 1, rowsRead: 6, rowsWritten: 4, hops: 1, sends: 0 },
      description: 'Uses nothing up.',
      json: MailedTokenBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Validity) },
    }),
    async (c) => ok(c, { valid: await isResetTokenValid(c.get('ctx'), c.req.valid('json')) }),
  )
  .post(
    '/reset-password',
    contract('Choose a new password by a mailed token', {
      ...given,
      access: 'public',
      limits: [{ policy: 'mailed-tokens' }],
      cost: { trips: 4, sequential: 2, rowsRead: 60, rowsWritten: 40, hops: 2, sends: 3 },
      description:
        'Ends every session of the account and voids the links under way to it. A second step stays as it is. A ' +
        'password that is refused leaves the token good. The answer counts what else still lets in: a new password leaves ' +
        'passkeys, API keys and linked accounts.',
      json: ResetPasswordBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(PasswordReset) },
    }),
    async (c) => {
      const stillLetsIn = await resetPassword(c.get('ctx'), c.req.valid('json'))
      const message = 'The password is changed, and all devices are signed out. Sign in with the new one.'
      return ok(c, { message, stillLetsIn })
    },
  )
  .post(
    '/verify-email',
    contract('Show by a mailed token that an address is one’s own', {
      ...given,
      access: 'public',
      limits: [{ policy: 'mailed-tokens' }],
      cost: { trips: 3, sequential: 2, rowsRead: 16, rowsWritten: 25, hops: 1, sends: 1 },
      description:
        'Of an account that waits for it, or of one that is to have another address. Each token is good once: a second ' +
        'use is refused like any other that is not good.',
      json: MailedTokenBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      const { isChanged } = await verifyEmail(c.get('ctx'), c.req.valid('json').token)
      return ok(c, {
        message: isChanged
          ? 'Your account has this address now. Sign in with it from now on.'
          : 'Your address is verified. Welcome.',
      })
    },
  )
  .post(
    '/verify-email/validate',
    contract('Ask whose address a mailed token would make it', {
      ...given,
      access: 'public',
      limits: [{ policy: 'mailed-tokens' }],
      cost: { trips: 1, sequential: 1, rowsRead: 6, rowsWritten: 4, hops: 1, sends: 0 },
      description: 'Uses nothing up. Who was mailed the token sees whose account it is before they confirm anything.',
      json: MailedTokenBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(VerificationLink) },
    }),
    async (c) => ok(c, await readVerificationLink(c.get('ctx'), c.req.valid('json').token)),
  )
  .post(
    '/resend-verification',
    contract('Ask once more for the mail that verifies an address', {
      ...given,
      access: 'public',
      limits: [{ policy: 'resend-verification' }, { policy: 'resend-verification-for', key: emailOf }],
      cost: { trips: 2, sequential: 1, rowsRead: 12, rowsWritten: 20, hops: 2, sends: 1 },
      description:
        'Answers and does the same whether an account waits for it or not. A new mail makes the link of the one before ' +
        'worthless; at most one goes a minute.',
      json: AddressBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await askForVerification(c.get('ctx'), c.req.valid('json').email)
      return ok(c, {
        message: 'If an account with this address waits to be verified, a mail with a link is on its way.',
      })
    },
  )
  .get(
    '/check-verification',
    contract('Ask whether one’s own address is verified', {
      ...given,
      access: 'user',
      limits: [],
      cost: { trips: 2, sequential: 1, rowsRead: 30, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(Verification) },
    }),
    async (c) => {
      const { userId } = requireUser(c.get('ctx'))
      return ok(c, { isEmailVerified: await checkEmailVerified(c.get('ctx').core.db, userId) })
    },
  )
  .post(
    '/change-password',
    contract('Change the own password', {
      ...given,
      access: 'user',
      limits: [{ policy: 'own-password' }],
      cost: { trips: 5, sequential: 3, rowsRead: { perItem: 3, besides: 60 }, rowsWritten: 40, hops: 3, sends: 2 },
      description:
        'Ends all other sessions of the account, and voids the links under way to it. Where signing in takes two steps it ' +
        'wants the second factor within five minutes besides, and else answers `STEP_UP_REQUIRED`.',
      json: ChangePasswordBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await changePassword(c.get('ctx'), c.req.valid('json'))
      return ok(c, { message: 'The password is changed, and all other devices are signed out.' })
    },
  )
  .post(
    '/change-email',
    contract('Ask for another address of the own account', {
      ...given,
      access: { stepUp: true },
      limits: [{ policy: 'change-email' }],
      cost: { trips: 4, sequential: 3, rowsRead: 70, rowsWritten: 24, hops: 1, sends: 2 },
      description:
        'The address counts once mail to it is shown to reach its owner. Whether somebody has it already is not told. ' +
        'The address that the account has is told that it was asked for, and a link to any other one is void.',
      json: ChangeEmailBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Told) },
    }),
    async (c) => {
      await askForNewAddress(c.get('ctx'), c.req.valid('json').newEmail)
      return ok(c, { message: 'If this address can be used, a mail with a link is on its way to it.' })
    },
  )
