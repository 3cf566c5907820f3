import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTimeOrNull } from '../../../platform/clock.ts'
import { findMfaStatus } from './queries.ts'
import type { MfaStatus } from './schemas.ts'

export async function readMfaStatus(ctx: ServiceContext): Promise<MfaStatus> {
  const { enabledAt, backupCodesLeft, hasPassword } = await findMfaStatus(ctx.core.db, requireUser(ctx).userId)
  return {
    isMfaEnabled: enabledAt !== null,
    mfaEnabledAt: isoTimeOrNull(enabledAt),
    backupCodesLeft: enabledAt === null ? 0 : backupCodesLeft,
    hasPassword,
  }
}
