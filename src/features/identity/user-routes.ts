import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { OtherUserId } from './access/schemas.ts'
import { exportAccount } from './account/export-account.ts'
import { AccountExport } from './account/schemas.ts'
import { TierBody, UserTier } from './schemas.ts'
import { setTier } from './set-tier.ts'

export const userRoutes = new Hono<AppEnv>().patch(
  '/:id/tier',
  contract('Set a user’s tier', {
    tag: 'Users',
    description: 'Nobody changes their own: 400. What is so already changes nothing.',
    access: { permissions: ['manage:settings'], stepUp: true },
    limits: [],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 3, sequential: 2, rowsRead: 300, rowsWritten: 16, hops: 0, sends: 0 },
    param: OtherUserId,
    json: TierBody,
    bodyLimit: SMALL_BODY,
    answers: { 200: envelope(UserTier) },
  }),
  async (c) => ok(c, await setTier(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))),
)

export const ownDataRoutes = new Hono<AppEnv>().get(
  '/',
  contract('Download own account data', {
    tag: 'Users',
    description:
      'What is kept of the caller: account, ways to sign in, sessions of now and before, mails with links, acts on the ' +
      'account and of its holder, rooms, blocks, reports, notifications. `cut` names the lists that hold more than is ' +
      'given. Messages, mutes, invitations and who has read what are in their rooms.',
    // All of it at once: for the person alone, who shows anew that it is them.
    access: { session: true, stepUp: true },
    limits: [{ policy: 'data' }],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 12, sequential: 2, rowsRead: 16_000, rowsWritten: 0, hops: 3, sends: 0 },
    answers: { 200: envelope(AccountExport) },
  }),
  async (c) => ok(c, await exportAccount(c.get('ctx'))),
)
