import * as z from 'zod'
import { CaptchaToken } from '../../../platform/captcha/captcha.ts'
import { Email, GivenPassword, Password, Told } from '../schemas.ts'

/** 256 bits as hex digits, as they stand in a mail's link. */
const MailedToken = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Use the whole link of the mail')
  .meta({ 'x-rule': 'One that was mailed, is the newest of its kind, has not expired and was not used' })

export const AddressBody = z.strictObject({ email: Email }).meta({ id: 'AddressBody' })
export type AddressBody = z.output<typeof AddressBody>

export const ForgotPasswordBody = AddressBody.extend({ captchaToken: CaptchaToken.optional() }).meta({
  id: 'ForgotPasswordBody',
})

export const MailedTokenBody = z.strictObject({ token: MailedToken }).meta({ id: 'MailedTokenBody' })

const NewPassword = Password.meta({
  'x-rule':
    'Not the one before, not among those that are tried first, and not made of names, the address or the name of the service',
})

export const ResetPasswordBody = z
  .strictObject({
    token: MailedToken,
    newPassword: NewPassword,
    confirmPassword: z.string().max(128).meta({ 'x-rule': 'The same as `newPassword`' }),
  })
  .refine(({ newPassword, confirmPassword }) => newPassword === confirmPassword, {
    path: ['confirmPassword'],
    message: 'Type the same password twice',
  })
  .meta({ id: 'ResetPasswordBody' })
export type ResetPasswordBody = z.output<typeof ResetPasswordBody>

export const PasswordReset = Told.extend({
  /** What besides the new password lets in to the account, as it did before. */
  stillLetsIn: z.object({ passkeys: z.int(), apiKeys: z.int(), linkedAccounts: z.int() }),
}).meta({ id: 'PasswordReset' })

export const ResetTokenQuery = z.object({
  /** Any text: what is no token is not valid, which is all that is asked. */
  token: z.string().max(200),
  email: z.string().max(254).optional(),
})

export const Validity = z.object({ valid: z.boolean() }).meta({ id: 'Validity' })

/** What the link of a verification would do, for the page that asks for the press. */
export const VerificationLink = z
  .object({
    valid: z.boolean(),
    /** Whether the account has another address until then. */
    isNewAddress: z.boolean(),
    /** Whose address it would become; null where the link is no good. */
    account: z.object({ firstName: z.string(), lastName: z.string(), username: z.string() }).nullable(),
  })
  .meta({ id: 'VerificationLink' })
export type VerificationLink = z.output<typeof VerificationLink>

export const ChangePasswordBody = z
  .strictObject({
    currentPassword: GivenPassword.meta({ 'x-rule': 'The password of the account' }),
    newPassword: NewPassword,
  })
  .meta({ id: 'ChangePasswordBody' })
export type ChangePasswordBody = z.output<typeof ChangePasswordBody>

export const ChangeEmailBody = z.strictObject({ newEmail: Email }).meta({ id: 'ChangeEmailBody' })

export const Verification = z.object({ isEmailVerified: z.boolean() }).meta({ id: 'Verification' })
