import type { DisableMfaBody, RenewBackupCodesBody } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf } from './shared.ts'

/** Two-step sign-in of one's own account. */
export function mfaCalls(call: Call) {
  return {
    status: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/mfa', settings)),
    /** Secret and picture are told here, and never again. */
    setUp: (settings?: CallSettings) => dataOf(call('POST', '/v1/auth/mfa/setup', settings)),
    /** Answers the backup codes, which are told here, and never again. */
    enable: (code: string, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/mfa/enable', { body: { code }, ...settings })),
    disable: (body: DisableMfaBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/mfa/disable', { body, ...settings })),
    renewBackupCodes: (body: RenewBackupCodesBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/mfa/backup-codes/regenerate', { body, ...settings })),
  }
}
