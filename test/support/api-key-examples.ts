import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import type { Scope } from '../../src/context.ts'
import { apiKeys } from '../../src/features/identity/api-keys/tables.ts'
import { DAY_MS } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import { newApiKeySecret, writeApiKey } from '../../src/platform/security/api-key.ts'
import { sha256Hex } from '../../src/platform/security/encoding.ts'
import type { Example, World } from './examples.ts'

/** A key of somebody's, as a bearer token, straight into the table. */
export async function makeApiKey(
  userId: string,
  given: { scopes?: Scope[]; expiresAt?: number } = {},
): Promise<{ id: string; accessToken: string }> {
  const id = newId()
  const secret = newApiKeySecret()
  const now = Date.now()
  await drizzle(env.DB)
    .insert(apiKeys)
    .values({
      ...{ id, userId, name: 'A program', hash: await sha256Hex(secret), hint: secret.slice(-4), createdAt: now },
      scopes: given.scopes ?? ['read', 'write'],
      expiresAt: given.expiresAt ?? now + DAY_MS,
    })
  return { id, accessToken: writeApiKey({ id, secret }) }
}

async function freshKey({ owner }: World): Promise<Pick<Example, 'path'>> {
  await env.DB.prepare('update api_keys set revoked_at = 1 where user_id = ?').bind(owner.id).run()
  return { path: `/v1/auth/api-keys/${(await makeApiKey(owner.id)).id}` }
}

export const API_KEY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/auth/api-keys': () => ({ path: '/v1/auth/api-keys' }),
  'POST /v1/auth/api-keys': async () => {
    await env.DB.prepare('update api_keys set revoked_at = 1 where revoked_at is null').run()
    return {
      path: '/v1/auth/api-keys',
      body: { name: 'Nightly report', scopes: ['read'], expiresInDays: 30 },
      other: { name: 'Another report', scopes: ['read'], expiresInDays: 30 },
    }
  },
  'PATCH /v1/auth/api-keys/:id': async (world) => ({ ...(await freshKey(world)), body: { name: 'Renamed' } }),
  'DELETE /v1/auth/api-keys/:id': freshKey,
}
