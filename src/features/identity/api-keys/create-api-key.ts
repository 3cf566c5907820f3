import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { DAY_MS, isoTime } from '../../../platform/clock.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { newApiKeySecret, writeApiKey } from '../../../platform/security/api-key.ts'
import { sha256Hex } from '../../../platform/security/encoding.ts'
import { beyondOwner } from '../domain/scopes.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import { knownScopes, MOST_KEYS } from './queries.ts'
import type { CreateApiKeyBody, NewApiKey } from './schemas.ts'
import { apiKeys } from './tables.ts'

const HINT_CHARACTERS = 4

/**
 * Makes a key for a program of the caller's. The answer is the only place where it ever stands: we keep a hash.
 * @throws Refusal FORBIDDEN where a scope is more than the caller may, CONFLICT where they have as many as they may
 */
export async function createApiKey(ctx: ServiceContext, input: CreateApiKeyBody): Promise<NewApiKey> {
  const { userId } = requireUser(ctx)
  const { permissions } = await ctx.session()
  const beyond = beyondOwner(input.scopes, permissions)
  if (beyond.length > 0) {
    throw new Refusal('FORBIDDEN', `A key may not do more than you may yourself. Missing: ${beyond.join(', ')}`)
  }
  const id = ctx.newId()
  const secret = newApiKeySecret()
  const now = ctx.clock()
  const scopes = knownScopes(input.scopes)
  const hint = secret.slice(-HINT_CHARACTERS)
  const expiresAt = now + input.expiresInDays * DAY_MS
  const signedIn = whileSignedIn(ctx)
  await ctx.core.commit(
    [
      ...signedIn.steps,
      sql`
        insert into ${apiKeys} (id, user_id, name, hash, hint, scopes, created_at, expires_at)
        select ${id}, ${userId}, ${input.name}, ${await sha256Hex(secret)}, ${hint}, ${JSON.stringify(scopes)},
          ${now}, ${expiresAt}
        where (select count(*) from api_keys where user_id = ${userId} and revoked_at is null) < ${MOST_KEYS}
      `,
      expectChanged('api-keys:most'),
      ctx.audit('API_KEY_CREATED', {
        targetType: 'user',
        targetId: userId,
        details: { apiKeyId: id, scopes, expiresAt: isoTime(expiresAt) },
      }),
      notice(ctx, userId, 'api-key-created', input.name),
    ],
    { refusals: { ...signedIn.refusals, 'api-keys:most': tooMany } },
  )
  return {
    ...{ id, name: input.name, hint, scopes, lastUsedAt: null, lastUsedIp: null },
    createdAt: isoTime(now),
    expiresAt: isoTime(expiresAt),
    key: writeApiKey({ id, secret }),
  }
}

const tooMany = () => new Refusal('CONFLICT', `You have ${MOST_KEYS} keys. Revoke one that you need no more.`)
