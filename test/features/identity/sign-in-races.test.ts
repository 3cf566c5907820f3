import { env } from 'cloudflare:workers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ProviderSignIn } from '../../../src/features/identity/providers/schemas.ts'
import { type Api, createApi } from '../../support/api.ts'
import { GitHubDouble, gitHubPerson } from '../../support/github-double.ts'
import { addPasskey, signInByPasskey } from '../../support/passkeys.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

const api = createApi()

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run()

const liveSessions = (userId: string) =>
  env.DB.prepare('select count(*) as n from sessions where user_id = ? and revoked_at is null').bind(userId).first('n')

/** An isolate that has read the account, and does not commit before this has happened elsewhere. */
function slowly(meanwhile: () => Promise<unknown>): Api {
  const slow = createApi()
  const { accessTokens } = slow.isolate
  const sign = accessTokens.sign.bind(accessTokens)
  vi.spyOn(accessTokens, 'sign').mockImplementationOnce(async (...given) => {
    await meanwhile()
    return sign(...given)
  })
  return slow
}

const deactivate = (userId: string) => run('update users set is_active = 0 where id = ?', userId)
const giveUp = (userId: string) => run('update users set deleted_at = 1 where id = ?', userId)
const enableMfa = (userId: string) => run('update users set mfa_enabled_at = 1 where id = ?', userId)
const unlink = (userId: string) => run('delete from linked_identities where user_id = ?', userId)

describe('an account that changes between being read and the session', () => {
  it.each([
    ['deactivated', deactivate, 'INVALID_CREDENTIALS'],
    ['given up', giveUp, 'INVALID_CREDENTIALS'],
    ['asked for a second step', enableMfa, 'INVALID_CREDENTIALS'],
    ['unlinked', unlink, 'INVALID_TOKEN'],
  ])('takes nobody in by a provider: %s', async (_what, change, code) => {
    const gitHub = new GitHubDouble()
    const spy = gitHub.install()
    onTestFinished(() => spy.mockRestore())
    const ann = await makePerson(api.isolate)
    await run('delete from sessions where user_id = ?', ann.id)
    const octo = gitHubPerson()
    await run(
      "insert into linked_identities (provider, subject, user_id, created_at) values ('github', ?, ?, 1)",
      String(octo.id),
      ann.id,
    )
    const begun = await api.post<ProviderSignIn>('/v1/auth/providers/github/begin')
    const cookie = begun.headers.get('set-cookie')?.split('; ')[0] ?? ''
    const back = { ...gitHub.authorize(begun.body.data.url, octo), session: 'body' }
    const raced = await slowly(() => change(ann.id)).post('/v1/auth/providers/finish', back, { headers: { cookie } })
    expect([raced.body.code, await liveSessions(ann.id)]).toEqual([code, 0])
  })

  it('takes nobody in by a passkey once deactivated; a second step is none to a passkey', async () => {
    const ann = await makePerson(api.isolate)
    const { device } = await addPasskey(api, ann)
    await run('delete from sessions where user_id = ?', ann.id)
    expect(
      (
        await signInByPasskey(
          slowly(() => enableMfa(ann.id)),
          device,
        )
      ).status,
    ).toBe(200)
    await run('delete from sessions where user_id = ?', ann.id)
    const raced = await signInByPasskey(
      slowly(() => deactivate(ann.id)),
      device,
    )
    expect([raced.status, await liveSessions(ann.id)]).toEqual([401, 0])
  })

  it('takes nobody in by a password alone once it asks for a second step', async () => {
    const ann = await makePerson(api.isolate)
    await run('delete from sessions where user_id = ?', ann.id)
    const credentials = { email: ann.email, password: FIXTURE_PASSWORD, session: 'body' }
    const raced = await slowly(() => enableMfa(ann.id)).post('/v1/auth/login', credentials)
    expect([raced.status, await liveSessions(ann.id)]).toEqual([401, 0])
  })
})
