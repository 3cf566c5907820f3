import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { BackupCodes, MfaSetup, MfaStatus } from '../../../src/features/identity/mfa/schemas.ts'
import type { MfaRequired, SignedIn } from '../../../src/features/identity/schemas.ts'
import { toBase64Url } from '../../../src/platform/security/encoding.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { addPasskey, stepUpBody } from '../../support/passkeys.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

let now = Math.floor(Date.now() / 30_000) * 30_000 + 15_000
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const api = createApi({ clock: () => now, passwords })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)
const password = FIXTURE_PASSWORD

const makeAnn = () => makePerson(api.isolate, { passwordHash })
type Ann = Awaited<ReturnType<typeof makeAnn>>

async function makeEnrolled() {
  const person = await makeAnn()
  return { ...person, ...(await enrol(api.isolate, person.id)) }
}

const told = ({ status, body }: Answer) => [status, body.code]
const setUp = (ann: Ann) => api.as(ann).post<MfaSetup>('/v1/auth/mfa/setup')
const enable = (ann: Ann, code: string) => api.as(ann).post<BackupCodes>('/v1/auth/mfa/enable', { code })
const disable = (ann: Ann, body: object) => api.as(ann).post('/v1/auth/mfa/disable', body)
const renew = (ann: Ann, body: object) => api.as(ann).post<BackupCodes>('/v1/auth/mfa/backup-codes/regenerate', body)
const statusOf = async (ann: Ann) => (await api.as(ann).get<MfaStatus>('/v1/auth/mfa')).body.data
const secretRow = (ann: Ann) =>
  env.DB.prepare('select * from totp_secrets where user_id = ?').bind(ann.id).first<Record<string, unknown>>()

async function actsOn({ id }: Ann): Promise<unknown[]> {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by rowid').bind(id).all()
  return results.map(({ action }) => action)
}

async function noticesOf({ id }: Ann): Promise<unknown[]> {
  const { results } = await env.DB.prepare(
    "select payload ->> 'kind' as kind from outbox where type = 'account.noticed' and aggregate_id = ? order by rowid",
  )
    .bind(id)
    .all()
  return results.map(({ kind }) => kind)
}

it('an account begins with one step, no secret and no codes (R8.2)', async () => {
  const ann = await makeAnn()
  expect(await statusOf(ann)).toEqual({
    isMfaEnabled: false,
    mfaEnabledAt: null,
    backupCodesLeft: 0,
    hasPassword: true,
  })
  expect(await secretRow(ann)).toBeNull()
})

describe('setting up', () => {
  it('answers 200 with the secret, its picture and no codes, and changes nothing of signing in (R8.5, R8.16)', async () => {
    const ann = await makeAnn()
    const { status, body, headers } = await setUp(ann)
    expect(status).toBe(200)
    expect(body.data).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      uri: expect.stringContaining(`secret=${body.data.secret}`),
      qrCode: expect.stringMatching(/^data:image\/svg\+xml,%3Csvg/),
      backupCodes: null,
    })
    expect(new URL(body.data.uri).searchParams.get('issuer')).toBe('Selvage')
    expect(decodeURIComponent(new URL(body.data.uri).pathname)).toBe(`/Selvage:${ann.email}`)
    expect(headers.get('cache-control')).toContain('no-store')
    expect((await statusOf(ann)).isMfaEnabled).toBe(false)
    const login = await api.post<SignedIn>('/v1/auth/login', { email: ann.email, password })
    expect(login.body.data.accessToken).toBeDefined()
  })

  it('replaces a secret that was not confirmed, and only that one counts (R8.5)', async () => {
    const ann = await makeAnn()
    const first = (await setUp(ann)).body.data
    const second = (await setUp(ann)).body.data
    expect(second.secret).not.toBe(first.secret)
    expect(told(await enable(ann, codeAt(first.secret, now)))).toEqual([401, 'INVALID_CODE'])
    expect((await enable(ann, codeAt(second.secret, now))).status).toBe(200)
  })

  it('is refused where it is switched on already, and takes nothing away (R8.5)', async () => {
    const ann = await makeEnrolled()
    const before = await secretRow(ann)
    expect(told(await setUp(ann))).toEqual([400, 'MFA_ENABLED'])
    expect(await secretRow(ann)).toEqual(before)
  })

  it('seals the secret with AES-256-GCM under a key id, for this user alone (R8.10, R8.2)', async () => {
    const [ann, bob] = [await makeAnn(), await makeAnn()]
    const { secret } = (await setUp(ann)).body.data
    const sealed = String((await secretRow(ann))?.sealed_secret)
    const [keyId, nonce = '', ciphertext = '', ...more] = sealed.split('.')
    expect([keyId, Buffer.from(nonce, 'base64url').byteLength, more]).toEqual(['test', 12, []])
    // The text and a tag of 16 bytes.
    expect(Buffer.from(ciphertext, 'base64url').byteLength).toBe(secret.length + 16)
    expect(sealed).not.toContain(secret)
    const { sealedBox } = api.isolate
    expect(await sealedBox.open(sealed, `totp:${ann.id}`)).toBe(secret)
    expect(await sealedBox.open(sealed, `totp:${bob.id}`)).toBeUndefined()
    const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
    expect(await sealedBox.open(altered, `totp:${ann.id}`)).toBeUndefined()
  })

  it('wants a fresh proof of who it is', async () => {
    const ann = await makeAnn()
    now += 301_000
    expect(told(await setUp(ann))).toEqual([403, 'STEP_UP_REQUIRED'])
  })
})

describe('switching on', () => {
  it('needs a setup, and the right code, and then shows ten codes once, stored hashed (R8.6, R8.7)', async () => {
    const ann = await makeAnn()
    expect(told(await enable(ann, '123456'))).toEqual([400, 'MFA_NOT_ENABLED'])
    const { secret } = (await setUp(ann)).body.data
    expect(told(await enable(ann, '000000'))).toEqual([401, 'INVALID_CODE'])
    const { status, body } = await enable(ann, codeAt(secret, now))
    expect([status, body.data.backupCodes.length, body.data.backupCodesLeft]).toEqual([200, 10, 10])
    expect(await statusOf(ann)).toMatchObject({
      isMfaEnabled: true,
      mfaEnabledAt: new Date(now).toISOString(),
      backupCodesLeft: 10,
    })
    const { results } = await env.DB.prepare('select * from backup_codes where user_id = ?').bind(ann.id).all()
    const stored = JSON.stringify(results)
    expect(results).toHaveLength(10)
    for (const code of body.data.backupCodes) {
      expect(stored).not.toContain(code)
      expect(stored).not.toContain(code.replaceAll('-', ''))
    }
  })

  it('again is refused, and leaves the codes as they are (R8.6)', async () => {
    const ann = await makeEnrolled()
    const codes = () => env.DB.prepare('select hash from backup_codes where user_id = ?').bind(ann.id).all()
    const before = (await codes()).results
    expect(told(await enable(ann, codeAt(ann.secret, now)))).toEqual([400, 'MFA_ENABLED'])
    expect((await codes()).results).toEqual(before)
  })

  it('fifty times at once switches on once, with one set of codes (R8.6)', async () => {
    const ann = await makeAnn()
    const { secret } = (await setUp(ann)).body.data
    const answers = await Promise.all(Array.from({ length: 50 }, () => enable(ann, codeAt(secret, now))))
    const done = answers.filter(({ status }) => status === 200)
    expect(done).toHaveLength(1)
    const [code] = done[0]?.body.data.backupCodes ?? []
    const used = await api.post('/v1/auth/mfa/backup-code', { email: ann.email, password, backupCode: code })
    expect(used.status, used.body.message).toBe(200)
  })

  it('uses up the code: it does not sign in as well (R8.15)', async () => {
    const ann = await makeAnn()
    const { secret } = (await setUp(ann)).body.data
    const mfaCode = codeAt(secret, now)
    await enable(ann, mfaCode)
    const again = await api.post('/v1/auth/mfa/verify', { email: ann.email, password, mfaCode })
    expect(told(again)).toEqual([401, 'INVALID_CODE'])
  })

  it('is too late half an hour after the setup', async () => {
    const ann = await makeAnn()
    const { secret } = (await setUp(ann)).body.data
    now += 30 * 60_000
    const accessToken = await api.isolate.accessTokens.sign(ann.id, ann.sessionId)
    expect(told(await enable({ ...ann, accessToken }, codeAt(secret, now)))).toEqual([400, 'MFA_NOT_ENABLED'])
  })
})

describe('switching off', () => {
  it('wants password and code, by the names mfaCode or backupCode, and clears all of it (R8.9, R8.16)', async () => {
    const ann = await makeEnrolled()
    const mfaCode = codeAt(ann.secret, now)
    expect(told(await disable(ann, { password: 'Wrong-Horse-1', mfaCode }))).toEqual([401, 'INVALID_CREDENTIALS'])
    expect(told(await disable(ann, { mfaCode }))).toEqual([401, 'INVALID_CREDENTIALS'])
    expect(told(await disable(ann, { password, mfaCode: '000000' }))).toEqual([401, 'INVALID_CODE'])
    expect(told(await disable(ann, { password }))).toEqual([422, 'UNPROCESSABLE'])
    expect(told(await disable(ann, { password, code: mfaCode }))).toEqual([400, 'VALIDATION_FAILED'])
    const { status, body } = await disable(ann, { password, mfaCode })
    expect([status, body.data]).toEqual([200, { message: expect.any(String) }])
    expect(await statusOf(ann)).toMatchObject({ isMfaEnabled: false, mfaEnabledAt: null, backupCodesLeft: 0 })
    expect(await secretRow(ann)).toBeNull()
    expect(told(await disable(ann, { password, mfaCode }))).toEqual([400, 'MFA_NOT_ENABLED'])
  })

  it('takes a backup code of whoever has lost the app (R8.9)', async () => {
    const ann = await makeEnrolled()
    expect((await disable(ann, { password, backupCode: ann.backupCodes[3] })).status).toBe(200)
    expect((await statusOf(ann)).isMfaEnabled).toBe(false)
  })

  it('takes a passkey for a lost app and lost codes, and so do new backup codes; the password is asked all the same', async () => {
    const ann = await makeEnrolled()
    const { device } = await addPasskey(api, ann)
    const proof = () => stepUpBody(api, ann, device)
    expect(told(await renew(ann, await proof()))).toEqual([401, 'INVALID_CREDENTIALS'])
    expect((await renew(ann, { password, ...(await proof()) })).body.data.backupCodes).toHaveLength(10)
    expect(told(await renew(ann, { password }))).toEqual([422, 'UNPROCESSABLE'])
    const used = await proof()
    expect(told(await disable(ann, { ...used, password: 'Wrong-Horse-1' }))).toEqual([401, 'INVALID_CREDENTIALS'])
    expect(told(await disable(ann, { ...used, password, mfaCode: '123456' }))).toEqual([422, 'UNPROCESSABLE'])
    expect((await disable(ann, { ...used, password })).status).toBe(200)
    expect((await statusOf(ann)).isMfaEnabled).toBe(false)
  })

  it('asks no password of an account that has none', async () => {
    const ann = await makeEnrolled()
    await env.DB.prepare("update users set password_hash = '!' where id = ?").bind(ann.id).run()
    expect((await disable(ann, { mfaCode: codeAt(ann.secret, now) })).status).toBe(200)
  })
})

describe('new backup codes', () => {
  it('replace all old ones, by password and code, and say how many there are (R8.14)', async () => {
    const ann = await makeEnrolled()
    const mfaCode = codeAt(ann.secret, now)
    expect(told(await renew(ann, { password: 'Wrong-Horse-1', mfaCode }))).toEqual([401, 'INVALID_CREDENTIALS'])
    const { status, body } = await renew(ann, { password, mfaCode })
    expect([status, body.data.backupCodes.length, body.data.backupCodesLeft]).toEqual([200, 10, 10])
    const use = (backupCode: string | undefined) =>
      api.post('/v1/auth/mfa/backup-code', { email: ann.email, password, backupCode })
    expect(told(await use(ann.backupCodes[0]))).toEqual([401, 'INVALID_CODE'])
    expect((await use(body.data.backupCodes[0])).status).toBe(200)
    expect((await statusOf(ann)).backupCodesLeft).toBe(9)
  })

  it('are refused where no codes are asked for', async () => {
    expect(told(await renew(await makeAnn(), { password, mfaCode: '123456' }))).toEqual([400, 'MFA_NOT_ENABLED'])
  })
})

it('a new sealing key seals what is used, and what nobody has used yet still opens (R8.10, R8.17)', async () => {
  const ann = await makeEnrolled()
  const keys = `next=${crypto.getRandomValues(new Uint8Array(32)).toHex()},${String(env.ENCRYPTION_KEYS)}`
  const rotated = createApi({ clock: () => now, passwords, settings: { ENCRYPTION_KEYS: keys } })
  const mfaCode = codeAt(ann.secret, now)
  const used = await rotated.post('/v1/auth/mfa/verify', { email: ann.email, password, mfaCode })
  expect(used.status, used.body.message).toBe(200)
  expect(String((await secretRow(ann))?.sealed_secret)).toMatch(/^next\./)
  const again = await rotated.post('/v1/auth/mfa/verify', {
    email: ann.email,
    password,
    mfaCode: codeAt(ann.secret, now, 1),
  })
  expect(again.status).toBe(200)
})

it('a code of the former key is good beside a new one in front, which new codes name, and void without it (R8.17)', async () => {
  const ann = await makeEnrolled()
  const fresh = `next=${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`
  const withKeys = (keys: string) => createApi({ clock: () => now, passwords, settings: { MAILED_TOKEN_KEY: keys } })
  const use = (at: ReturnType<typeof createApi>, backupCode: string | undefined) =>
    at.post('/v1/auth/mfa/backup-code', { email: ann.email, password, backupCode })
  expect((await use(withKeys(fresh), ann.backupCodes[0])).status).toBe(401)

  const rotated = withKeys(`${fresh}, ${String(env.MAILED_TOKEN_KEY)}`)
  expect((await use(rotated, ann.backupCodes[0])).status).toBe(200)
  expect((await use(rotated, ann.backupCodes[0])).status).toBe(401)

  const named = withKeys(`${fresh}, first=${String(env.MAILED_TOKEN_KEY)}`)
  expect((await use(named, ann.backupCodes[1])).status).toBe(200)

  const renewed = await rotated
    .as(ann)
    .post<BackupCodes>('/v1/auth/mfa/backup-codes/regenerate', { password, mfaCode: codeAt(ann.secret, now) })
  const { results } = await env.DB.prepare('select hash from backup_codes where user_id = ?').bind(ann.id).all()
  expect(results.map(({ hash }) => String(hash).split(':')[0])).toEqual(Array(10).fill('next'))
  expect((await use(withKeys(fresh), renewed.body.data.backupCodes[0])).status).toBe(200)
})

it('each act is audited in its batch and told to the owner (R8.19)', async () => {
  const ann = await makeAnn()
  const { secret } = (await setUp(ann)).body.data
  await enable(ann, codeAt(secret, now, -1))
  const { body } = await renew(ann, { password, mfaCode: codeAt(secret, now) })
  await disable(ann, { password, backupCode: body.data.backupCodes[0] })
  expect(await actsOn(ann)).toEqual([
    'MFA_SETUP',
    'MFA_ENABLED',
    'BACKUP_CODES_RENEWED',
    'BACKUP_CODE_USED',
    'MFA_DISABLED',
  ])
  expect(await noticesOf(ann)).toEqual([
    'mfa-set-up',
    'mfa-enabled',
    'backup-codes-renewed',
    'backup-code-used',
    'mfa-disabled',
  ])
  const { results } = await env.DB.prepare('select details, reason from audit where target_id = ?').bind(ann.id).all()
  expect(JSON.stringify(results)).not.toContain(secret)
})

it('from setup to a lost device and back to one step (R8.18)', async () => {
  const ann = await makeAnn()
  const { secret } = (await setUp(ann)).body.data
  const { backupCodes } = (await enable(ann, codeAt(secret, now))).body.data
  const signIn = async () => (await api.post<MfaRequired>('/v1/auth/login', { email: ann.email, password })).body.data
  const byCode = await signIn()
  expect(byCode.requiresMfa).toBe(true)
  now += 30_000
  const verified = await api.post('/v1/auth/mfa/verify', { tempToken: byCode.tempToken, mfaCode: codeAt(secret, now) })
  expect(verified.status).toBe(200)
  const backupCode = backupCodes[0]
  const lost = await signIn()
  const first = await api.post<SignedIn>('/v1/auth/mfa/backup-code', { tempToken: lost.tempToken, backupCode })
  expect(first.status).toBe(200)
  const { tempToken } = await signIn()
  expect(told(await api.post('/v1/auth/mfa/backup-code', { tempToken, backupCode }))).toEqual([401, 'INVALID_CODE'])
  const off = await api.as(first.body.data).post('/v1/auth/mfa/disable', { password, backupCode: backupCodes[1] })
  expect(off.status).toBe(200)
  const plain = await api.post<SignedIn>('/v1/auth/login', { email: ann.email, password })
  expect([plain.status, plain.body.data.accessToken]).toEqual([200, expect.any(String)])
})
