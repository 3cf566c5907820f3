import type { ChangePasswordBody, ResetPasswordBody } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf } from './shared.ts'

/** The ways back into an account, and its password and address. `open` calls in nobody's name. */
export function recoveryCalls(open: Call, call: Call) {
  return {
    /** Answers the same whether there is such an account or not. */
    forgotPassword: (email: string, checked: { captchaToken?: string } = {}, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/forgot-password', { body: { email, ...checked }, ...settings })),
    /** Whether a token from a mail would be taken; uses nothing up. */
    isResetTokenValid: async (token: string, settings?: CallSettings): Promise<boolean> =>
      (await open('POST', '/v1/auth/reset-password/validate', { body: { token }, ...settings })).data.valid,
    resetPassword: (input: ResetPasswordBody, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/reset-password', { body: input, ...settings })),
    /** Whose address a token would make it; uses nothing up. */
    readVerificationLink: (token: string, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/verify-email/validate', { body: { token }, ...settings })),
    /** Of an address that waits for it, or of a new one that was asked for. */
    verifyEmail: (token: string, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/verify-email', { body: { token }, ...settings })),
    resendVerification: (email: string, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/resend-verification', { body: { email }, ...settings })),
    changePassword: (input: ChangePasswordBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/change-password', { body: input, ...settings })),
    changeEmail: (newEmail: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/change-email', { body: { newEmail }, ...settings })),
  }
}
