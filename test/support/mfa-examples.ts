import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { totpSecrets } from '../../src/features/identity/mfa/tables.ts'
import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Api } from './api.ts'
import type { Example, World } from './examples.ts'
import { codeAt, enrol } from './mfa.ts'
import { FIXTURE_PASSWORD, makePerson } from './people.ts'

const password = FIXTURE_PASSWORD

/** Somebody of their own for each call, who has switched two-step sign-in on: it changes what is asked of them. */
async function enrolled({ isolate }: Api) {
  const person = await makePerson(isolate)
  const { secret, backupCodes } = await enrol(isolate, person.id)
  return {
    person,
    mfaCode: codeAt(secret, isolate.clock()),
    backupCode: backupCodes[0],
    headers: { authorization: `Bearer ${person.accessToken}` },
    tempToken: await isolate.passingTokens.sign(
      TEMP_TOKEN,
      { sub: person.id, type: 'mfa-temp', by: 'password', pwd: null },
      newId(),
    ),
  }
}

export const MFA_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/auth/mfa': () => ({ path: '/v1/auth/mfa' }),
  'POST /v1/auth/mfa/setup': () => ({ path: '/v1/auth/mfa/setup' }),
  'POST /v1/auth/mfa/enable': async ({ api }) => {
    const { isolate } = api
    const person = await makePerson(isolate)
    const { secret } = await enrol(isolate, person.id)
    await drizzle(env.DB).update(totpSecrets).set({ enabledAt: null }).where(eq(totpSecrets.userId, person.id))
    await env.DB.prepare('update users set mfa_enabled_at = null where id = ?').bind(person.id).run()
    return {
      path: '/v1/auth/mfa/enable',
      headers: { authorization: `Bearer ${person.accessToken}` },
      body: { code: codeAt(secret, isolate.clock()) },
      other: { code: '000000' },
    }
  },
  'POST /v1/auth/mfa/disable': async ({ api }) => {
    const { headers, mfaCode } = await enrolled(api)
    return {
      path: '/v1/auth/mfa/disable',
      headers,
      body: { password, mfaCode },
      other: { password, mfaCode: '000000' },
    }
  },
  'POST /v1/auth/mfa/backup-codes/regenerate': async ({ api }) => {
    const { headers, mfaCode } = await enrolled(api)
    return {
      path: '/v1/auth/mfa/backup-codes/regenerate',
      headers,
      body: { password, mfaCode },
      other: { password, mfaCode: '000000' },
    }
  },
  'POST /v1/auth/mfa/verify': async ({ api }) => {
    const { tempToken, mfaCode } = await enrolled(api)
    return { path: '/v1/auth/mfa/verify', body: { tempToken, mfaCode }, other: { tempToken, mfaCode: '000000' } }
  },
  'POST /v1/auth/mfa/backup-code': async ({ api }) => {
    const { person, backupCode } = await enrolled(api)
    return { path: '/v1/auth/mfa/backup-code', body: { email: person.email, password, backupCode } }
  },
  'POST /v1/auth/step-up': async ({ api }) => {
    const { headers, mfaCode } = await enrolled(api)
    return { path: '/v1/auth/step-up', headers, body: { mfaCode }, other: { mfaCode: '000000' } }
  },
}
