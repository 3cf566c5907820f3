import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { TEMP_TOKEN } from '../../../src/features/identity/mfa/temp-token.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { makePerson } from '../../support/people.ts'

const queues = holdQueues()
const maker = createApi()

const count = (sql: string, id: string) => env.DB.prepare(sql).bind(id).first('n')
const usedCodes = 'select count(*) as n from backup_codes where user_id = ? and used_at is not null'
const unusedCodes = 'select count(*) as n from backup_codes where user_id = ? and used_at is null'
const sessions = 'select count(*) as n from sessions where user_id = ?'
const mailsTo = 'select count(*) as n from dev_mails where to_address = ?'

async function actsOn(id: string): Promise<unknown[]> {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by action')
    .bind(id)
    .all()
  return results.map(({ action }) => action)
}

describe('cut off at any call', () => {
  it('a sign-in by a backup code uses it up with the session, or not at all, and tells its owner once (R8.8, R8.19)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const person = await makePerson(maker.isolate)
        const { backupCodes } = await enrol(maker.isolate, person.id)
        const claims = { sub: person.id, type: 'mfa-temp' as const, by: 'password' as const, pwd: null }
        const tempToken = await maker.isolate.passingTokens.sign(TEMP_TOKEN, claims, newId())
        return { person, body: { tempToken, backupCode: backupCodes[0] } }
      },
      act: ({ api }, { body }) => api.post('/v1/auth/mfa/backup-code', body),
      repeat: ({ api }, { body }) => api.post('/v1/auth/mfa/backup-code', body),
      check: async ({ person }, { answer, again }) => {
        // Whoever asks again after it was done begins anew: the token is spent.
        const isNew = answer?.status !== 200 && again.status === 200
        if (!isNew) expect([again.status, again.body.code]).toEqual([400, 'INVALID_TOKEN'])
        expect(await count(usedCodes, person.id)).toBe(1)
        expect(await count(sessions, person.id)).toBe(2)
        expect(await actsOn(person.id)).toEqual(['BACKUP_CODE_USED', 'SIGNED_IN'])
        expect(Number(await count(mailsTo, person.email))).toBe(1)
      },
    })
    // Nothing that its answer needs is read after it was used up: the answer would be lost with it.
    const afterwards = calls.slice(calls.findIndex((call) => call.includes('insert spent_tokens')) + 1)
    expect(afterwards.length).toBeLessThan(calls.length)
    expect(afterwards.filter((call) => call.includes('select'))).toEqual([])
  })

  it('switching on has made all of it, with ten codes, or nothing (R8.6)', async () => {
    const calls = await crashEverywhere({
      queues,
      // What is struck before a call is what was struck after the one before it.
      faults: [
        { mode: 'crash', side: 'after' },
        { mode: 'lost', side: 'after' },
      ],
      arrange: async () => {
        const person = await makePerson(maker.isolate)
        const { secret } = await enrol(maker.isolate, person.id)
        const off = [
          'update totp_secrets set enabled_at = null where user_id = ?',
          'delete from backup_codes where user_id = ?',
          'update users set mfa_enabled_at = null where id = ?',
        ]
        await env.DB.batch(off.map((sql) => env.DB.prepare(sql).bind(person.id)))
        return { person, code: codeAt(secret, Date.now()) }
      },
      act: ({ api }, { person, code }) => api.as(person).post('/v1/auth/mfa/enable', { code }),
      repeat: ({ api }, { person, code }) => api.as(person).post('/v1/auth/mfa/enable', { code }),
      check: async ({ person }, { again }) => {
        if (again.status !== 200) expect([again.status, again.body.code]).toEqual([400, 'MFA_ENABLED'])
        expect(await count(unusedCodes, person.id)).toBe(10)
        expect(await count('select count(mfa_enabled_at) as n from users where id = ?', person.id)).toBe(1)
        expect(await actsOn(person.id)).toEqual(['MFA_ENABLED'])
        expect(Number(await count(mailsTo, person.email))).toBe(1)
      },
    })
    expect(calls.join()).toContain('backup_codes')
  })
})
