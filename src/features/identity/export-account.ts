import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { deviceOf } from '../../platform/device.ts'
import { notFound } from '../../platform/errors.ts'
import { listOwnSessions } from './list-sessions.ts'
import { findAccountById, listActsOn } from './queries.ts'
import type { AccountExport } from './schemas.ts'
import { toCurrentUser } from './views.ts'

/** All that identity keeps of the caller: the account, where it is signed in, and what was done to it. */
export async function exportAccount(ctx: ServiceContext): Promise<AccountExport> {
  const { userId } = requireUser(ctx)
  const [account, sessions, acts] = await Promise.all([
    findAccountById(ctx.core.db, userId),
    listOwnSessions(ctx),
    listActsOn(ctx.core.db, userId),
  ])
  if (!account) throw notFound('User')
  return {
    account: toCurrentUser(account),
    sessions,
    acts: acts.map(({ at, ...act }) => ({
      ...act,
      device: act.userAgent === null ? null : deviceOf(act.userAgent),
      at: isoTime(at),
    })),
    exportedAt: isoTime(ctx.clock()),
  }
}
