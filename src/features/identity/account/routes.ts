import { Hono } from 'hono'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract } from '../../../http/contract.ts'
import { Done, envelope, ok } from '../../../http/envelope.ts'
import { clearRefreshCookie } from '../refresh-cookie.ts'
import { deleteOwnAccount } from './delete-own-account.ts'

export const accountRoutes = new Hono<AppEnv>().delete(
  '/me',
  contract('Delete own account', {
    tag: 'Identity',
    description:
      'For good: the account takes nobody in from then on, all of its sessions have ended, and what is kept of its ' +
      'holder is erased within the next hours. Messages stay, without a name. The only admin cannot go (409).',
    access: { stepUp: true },
    limits: [],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 3, sequential: 2, rowsRead: 80, rowsWritten: 40, hops: 1, sends: 2 },
    answers: { 202: envelope(Done) },
  }),
  async (c) => {
    await deleteOwnAccount(c.get('ctx'))
    clearRefreshCookie(c)
    return ok(c, { success: true }, { status: 202 })
  },
)
