import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ProviderSignIn } from '../../../src/features/identity/providers/schemas.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { GitHubDouble, type GitHubPerson, gitHubPerson } from '../../support/github-double.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { mailsTo } from '../../support/mails.ts'
import { PASSKEYS, passkeyBody } from '../../support/passkeys.ts'
import { makePerson } from '../../support/people.ts'
import { makeMailedToken } from '../../support/recovery-examples.ts'

const queues = holdQueues()
const maker = createApi()
const PATH = '/v1/auth/providers'
/** What is struck before a call is what was struck after the one before it. */
const faults = [
  { mode: 'crash', side: 'after' },
  { mode: 'lost', side: 'after' },
] as const
const PATIENCE_MS = 120_000

let gitHub: GitHubDouble
beforeEach(() => {
  gitHub = new GitHubDouble()
  const spy = gitHub.install()
  return () => spy.mockRestore()
})

/** To the provider and back: what ends it, for any process. */
async function travel(by: Caller, person: GitHubPerson, begin: string) {
  const { body, headers } = await by.post<ProviderSignIn>(`${PATH}/github/${begin}`)
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return { body: gitHub.authorize(body.data.url, person), options: { headers: { cookie } } }
}
type Trip = Awaited<ReturnType<typeof travel>>

const signIn = (by: Caller, { body, options }: Trip) => by.post<SignedIn>(`${PATH}/finish`, body, options)
const link = (by: Caller, { body, options }: Trip) => by.post(`${PATH}/finish-link`, body, options)
const count = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(`select count(*) as n from ${sql}`)
    .bind(...values)
    .first<number>('n')
const acts = (action: string, userId: string) => count('audit where action = ? and target_id = ?', action, userId)
const isLinked = (userId: string, { id }: GitHubPerson) =>
  env.DB.prepare(`insert into linked_identities (provider, subject, user_id, created_at) values ('github', ?, ?, 1)`)
    .bind(String(id), userId)
    .run()

describe('cut off at any call', () => {
  it(
    'a first sign-in by a provider has made one account with its link, whole, and who comes again is in it',
    async () => {
      const calls = await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const octo = gitHubPerson()
          return { octo, trip: await travel(maker, octo, 'begin') }
        },
        act: ({ api }, { trip }) => signIn(api, trip),
        // What the provider gave is good once: whoever heard nothing goes there again.
        repeat: async ({ api }, { octo }) => signIn(api, await travel(api, octo, 'begin')),
        check: async (_world, { answer, again }) => {
          expect(again.status, JSON.stringify(again.body)).toBe(200)
          const { id, email } = again.body.data.user
          if (answer?.status === 200) expect(answer.body.data.user.id).toBe(id)
          expect(await count('users where email = ?', email)).toBe(1)
          expect(await count('linked_identities where user_id = ?', id)).toBe(1)
          expect(await acts('USER_REGISTERED', id)).toBe(1)
          expect(await count('sessions where user_id = ?', id)).toBeLessThanOrEqual(2)
        },
      })
      expect(calls.join()).toContain('insert linked_identities')
    },
    PATIENCE_MS,
  )

  it(
    'a sign-in to a linked account begins a session with its note, or neither',
    async () => {
      const calls = await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const [octo, person] = [gitHubPerson(), await makePerson(maker.isolate)]
          await isLinked(person.id, octo)
          return { octo, person, trip: await travel(maker, octo, 'begin') }
        },
        act: ({ api }, { trip }) => signIn(api, trip),
        repeat: async ({ api }, { octo }) => signIn(api, await travel(api, octo, 'begin')),
        check: async ({ person }, { again }) => {
          expect([again.status, again.body.data.user.id]).toEqual([200, person.id])
          const begun = (await count('sessions where user_id = ?', person.id)) ?? 0
          // Besides the one that they had.
          expect(await acts('SIGNED_IN', person.id)).toBe(begun - 1)
          expect(begun).toBeLessThanOrEqual(3)
        },
      })
      expect(calls.join()).toContain('insert spent_tokens')
    },
    PATIENCE_MS,
  )

  it(
    'an account elsewhere is linked once, and unlinked once, each told once',
    async () => {
      await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const [octo, person] = [gitHubPerson(), await makePerson(maker.isolate)]
          return { octo, person, trip: await travel(maker.as(person), octo, 'begin-link') }
        },
        act: ({ api }, { person, trip }) => link(api.as(person), trip),
        repeat: async ({ api }, { person, octo }) => {
          const by = api.as(person)
          return link(by, await travel(by, octo, 'begin-link'))
        },
        check: async ({ person }, { again }) => {
          expect([201, 409]).toContain(again.status)
          expect(await count('linked_identities where user_id = ?', person.id)).toBe(1)
          expect([await acts('PROVIDER_LINKED', person.id), (await mailsTo(person.email)).length]).toEqual([1, 1])
        },
      })
      await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const person = await makePerson(maker.isolate)
          await isLinked(person.id, gitHubPerson())
          return person
        },
        act: ({ api }, person) => api.as(person).delete(`${PATH}/github/link`),
        repeat: ({ api }, person) => api.as(person).delete(`${PATH}/github/link`),
        check: async (person, { again }) => {
          expect([200, 404]).toContain(again.status)
          expect(await count('linked_identities where user_id = ?', person.id)).toBe(0)
          expect([await acts('PROVIDER_UNLINKED', person.id), (await mailsTo(person.email)).length]).toEqual([1, 1])
        },
      })
    },
    PATIENCE_MS,
  )

  it(
    'another address is the account’s once it was confirmed, and the one before is told once at most',
    async () => {
      await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const person = await makePerson(maker.isolate)
          const wanted = `${newId()}@people.test`
          const { token } = await makeMailedToken(maker.isolate, { id: person.id, email: wanted }, 'change-email')
          return { person, wanted, token }
        },
        act: ({ api }, { token }) => api.post('/v1/auth/verify-email', { token }),
        repeat: ({ api }, { token }) => api.post('/v1/auth/verify-email', { token }),
        check: async ({ person, wanted }, { answer, again }) => {
          expect([200, 400]).toContain(again.status)
          if (answer?.status === 200) expect(again.body.code).toBe('INVALID_TOKEN')
          expect(await count('users where id = ? and email = ?', person.id, wanted)).toBe(1)
          expect(await acts('EMAIL_CHANGED', person.id)).toBe(1)
          expect((await mailsTo(person.email)).length).toBeLessThanOrEqual(1)
        },
      })
    },
    PATIENCE_MS,
  )

  it(
    'a passkey is added with its note and its notice, once, and its challenge is used up with it',
    async () => {
      await crashEverywhere({
        ...{ queues, faults },
        arrange: async () => {
          const person = await makePerson(maker.isolate)
          return { person, body: await passkeyBody(maker, person) }
        },
        act: ({ api }, { person, body }) => api.as(person).post(PASSKEYS, body),
        repeat: ({ api }, { person, body }) => api.as(person).post(PASSKEYS, body),
        check: async ({ person }, { answer, again }) => {
          expect([201, 400, 409]).toContain(again.status)
          if (answer?.status === 201) expect(again.status).not.toBe(201)
          expect(await count('passkeys where user_id = ?', person.id)).toBe(1)
          expect([await acts('PASSKEY_ADDED', person.id), (await mailsTo(person.email)).length]).toEqual([1, 1])
        },
      })
    },
    PATIENCE_MS,
  )
})
