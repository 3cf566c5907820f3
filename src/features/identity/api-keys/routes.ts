import { Hono } from 'hono'
import * as z from 'zod'
import type { OwnerGuard } from '../../../http/access.ts'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { Done, envelope, ok } from '../../../http/envelope.ts'
import { createApiKey } from './create-api-key.ts'
import { listOwnKeys, ownerOfKey, renameApiKey, revokeApiKey } from './manage-api-keys.ts'
import { ApiKeyId, ApiKeyView, CreateApiKeyBody, NewApiKey, RenameApiKeyBody } from './schemas.ts'

const managing = { tag: 'API keys', idempotency: 'off', cache: 'no-store' } as const

/** Somebody else's key is not found. */
const ownKey: OwnerGuard = { entity: 'API key', ownerOf: (ctx, param) => ownerOfKey(ctx, param('id')) }

/** Keys with which programs act for a person. */
export const apiKeyRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List own API keys, newest first', {
      ...managing,
      access: 'user',
      limits: [],
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(ApiKeyView)) },
    }),
    async (c) => ok(c, await listOwnKeys(c.get('ctx'))),
  )
  .post(
    '/',
    contract('Make an API key', {
      ...managing,
      description:
        'The answer is the only one that holds the key: a program sends it as `Authorization: Bearer slv_...`. With ' +
        '`read` it may read and with `write` change what its owner may; a route that demands a permission needs that ' +
        'very one among its scopes. No key manages the account, and none does what demands a fresh proof of who it is.',
      // A key outlives sessions and passwords: nobody plants one in an account of somebody else's address.
      access: { stepUp: true, verifiedEmail: true },
      limits: [{ policy: 'credentials' }],
      cost: { trips: 3, sequential: 2, rowsRead: 85, rowsWritten: 21, hops: 1, sends: 1 },
      json: CreateApiKeyBody,
      bodyLimit: SMALL_BODY,
      answers: { 201: envelope(NewApiKey) },
      made: '/auth/api-keys/{id}',
    }),
    async (c) => ok(c, await createApiKey(c.get('ctx'), c.req.valid('json')), { status: 201 }),
  )
  .patch(
    '/:id',
    contract('Rename an API key', {
      ...managing,
      access: { owner: ownKey },
      limits: [],
      cost: { trips: 3, sequential: 2, rowsRead: 40, rowsWritten: 4, hops: 0, sends: 0 },
      param: ApiKeyId,
      json: RenameApiKeyBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await renameApiKey(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').name)
      return ok(c, { success: true })
    },
  )
  .delete(
    '/:id',
    contract('Revoke an API key', {
      ...managing,
      description: 'No request with it is let in any more, everywhere within five seconds.',
      access: { owner: ownKey },
      limits: [],
      cost: { trips: 5, sequential: 3, rowsRead: 45, rowsWritten: 13, hops: 0, sends: 1 },
      param: ApiKeyId,
      answers: { 204: null },
    }),
    async (c) => {
      await revokeApiKey(c.get('ctx'), c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
