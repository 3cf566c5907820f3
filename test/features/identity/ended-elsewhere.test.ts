import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { expect, it } from 'vitest'
import { totpSecrets } from '../../../src/features/identity/mfa/tables.ts'
import type { ProviderSignIn } from '../../../src/features/identity/providers/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { GitHubDouble, gitHubPerson } from '../../support/github-double.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { PASSKEYS, passkeyBody } from '../../support/passkeys.ts'
import { makePerson } from '../../support/people.ts'

holdQueues()

it('a session that was ended elsewhere makes no way in, though it is remembered here as alive for some seconds', async () => {
  const now = Date.now()
  // Its time stands still: it goes on remembering.
  const [here, elsewhere] = [createApi({ clock: () => now }), createApi()]
  const ann = await makePerson(here.isolate)
  const gitHub = new GitHubDouble()
  gitHub.install()
  const begun = await here.as(ann).post<ProviderSignIn>('/v1/auth/providers/github/begin-link')
  const back = gitHub.authorize(begun.body.data.url, gitHubPerson())
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? ''
  const passkey = await passkeyBody(here, ann)
  const { secret } = await enrol(here.isolate, ann.id)
  await drizzle(env.DB).update(totpSecrets).set({ enabledAt: null }).where(eq(totpSecrets.userId, ann.id))
  await env.DB.prepare('update users set mfa_enabled_at = null where id = ?').bind(ann.id).run()

  expect((await elsewhere.as(ann).post('/v1/auth/logout-all')).status).toBe(200)
  expect((await here.as(ann).get('/v1/auth/mfa')).status).toBe(200)
  for (const [path, body] of [
    [PASSKEYS, passkey],
    ['/v1/auth/api-keys', { name: 'A program', scopes: ['read'], expiresInDays: 30 }],
    ['/v1/auth/providers/finish-link', back],
    ['/v1/auth/change-email', { newEmail: `${newId()}@people.test` }],
    ['/v1/auth/mfa/setup', undefined],
    ['/v1/auth/mfa/enable', { code: codeAt(secret, now) }],
  ] as const) {
    const { status, body: answer } = await here.as(ann).post(path, body, { headers: { cookie } })
    expect([path, status, answer.code]).toEqual([path, 401, 'UNAUTHENTICATED'])
  }
  for (const table of ['passkeys', 'api_keys', 'linked_identities']) {
    const rows = env.DB.prepare(`select count(*) as n from ${table} where user_id = ?`).bind(ann.id)
    expect([table, await rows.first('n')]).toEqual([table, 0])
  }
  const asked = env.DB.prepare("select count(*) as n from outbox where type = 'email.change_requested'")
  expect(await asked.first('n')).toBe(0)
})
