import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { TOKEN_LIFETIME_MS, type TokenPurpose } from '../../src/features/identity/domain/mailed-tokens.ts'
import { mailedTokens } from '../../src/features/identity/recovery/tables.ts'
import type { Isolate } from '../../src/isolate.ts'
import { newId } from '../../src/platform/ids.ts'
import { deriveMailedToken } from '../../src/platform/security/mailed-token.ts'
import type { Example, World } from './examples.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession } from './people.ts'

const CHOSEN = 'Kettle-river-anvil-9'

/** A token as its mail would hold it. Answers it, and its SHA-256. */
export async function makeMailedToken(
  { settings, clock }: Isolate,
  { id: userId, email }: { id: string; email: string },
  purpose: TokenPurpose,
): Promise<{ token: string; hash: string }> {
  const requestId = newId()
  const made = await deriveMailedToken(settings.MAILED_TOKEN_KEY, { purpose, requestId })
  const now = clock()
  const row = { requestId, hash: made.hash, email, createdAt: now, expiresAt: now + TOKEN_LIFETIME_MS[purpose] }
  await drizzle(env.DB)
    .insert(mailedTokens)
    .values({ userId, purpose, ...row })
    .onConflictDoUpdate({ target: [mailedTokens.userId, mailedTokens.purpose], set: { ...row, usedAt: null } })
  return made
}

export const RECOVERY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'POST /v1/auth/forgot-password': ({ owner }) => ({ path: '/v1/auth/forgot-password', body: { email: owner.email } }),
  'GET /v1/auth/reset-password/validate': async ({ api, owner }) => {
    const { token } = await makeMailedToken(api.isolate, owner, 'reset-password')
    return { path: `/v1/auth/reset-password/validate?token=${token}&email=${encodeURIComponent(owner.email)}` }
  },
  'POST /v1/auth/reset-password/validate': async ({ api, owner }) => ({
    path: '/v1/auth/reset-password/validate',
    body: { token: (await makeMailedToken(api.isolate, owner, 'reset-password')).token },
  }),
  'POST /v1/auth/reset-password': async ({ api }) => {
    // Somebody of their own, as it ends all of their sessions.
    const { token } = await makeMailedToken(api.isolate, await makePerson(api.isolate), 'reset-password')
    return { path: '/v1/auth/reset-password', body: { token, newPassword: CHOSEN, confirmPassword: CHOSEN } }
  },
  'POST /v1/auth/verify-email': async ({ api }) => ({
    path: '/v1/auth/verify-email',
    body: { token: (await makeMailedToken(api.isolate, await makePerson(api.isolate), 'verify-email')).token },
  }),
  'POST /v1/auth/verify-email/validate': async ({ api, owner }) => ({
    path: '/v1/auth/verify-email/validate',
    body: { token: (await makeMailedToken(api.isolate, owner, 'verify-email')).token },
  }),
  'POST /v1/auth/resend-verification': ({ owner }) => ({
    path: '/v1/auth/resend-verification',
    body: { email: owner.email },
  }),
  'GET /v1/auth/check-verification': () => ({ path: '/v1/auth/check-verification' }),
  'POST /v1/auth/change-password': async ({ api }) => {
    const person = await makePerson(api.isolate)
    await makeSession(api.isolate, person.id)
    return {
      path: '/v1/auth/change-password',
      body: { currentPassword: FIXTURE_PASSWORD, newPassword: CHOSEN },
      headers: { authorization: `Bearer ${person.accessToken}` },
    }
  },
  'POST /v1/auth/change-email': () => ({
    path: '/v1/auth/change-email',
    body: { newEmail: `${newId()}@people.test` },
  }),
}
