import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import { findMfaStatus } from './queries.ts'
import type { MfaStatus } from './schemas.ts'

export async function readMfaStatus(ctx: ServiceContext): Promise<MfaStatus> {
  const { enabledAt, backupCodesLeft, hasPassword } = await findMfaStatus(ctx.core.db, requireUser(ctx).userId)
  return {
    isMfaEnabled: enabledAt !== null,
    mfaEnabledAt: enabledAt === null ? null : isoTime(enabledAt),
    backupCodesLeft: enabledAt === null ? 0 : backupCodesLeft,
    hasPassword,
  }
}
