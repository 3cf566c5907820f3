import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import COMMON from '../../../src/features/identity/domain/common-passwords.json'
import { PASSWORD_MAX, PASSWORD_MIN } from '../../../src/features/identity/domain/password-rules.ts'
import { Password, type SignedIn } from '../../../src/features/identity/schemas.ts'
import { DAY_MS } from '../../../src/platform/clock.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'

const passwords = new PasswordHasher({ log2N: 1, r: 1, p: 1 })
const api = createApi({ passwords })
const person = { email: 'maya@people.test', firstName: 'Maya', lastName: 'Lindqvist' }
const accepts = (password: string) => Password.safeParse(password).success

/** This many characters, of which nobody has ever thought. */
const ofLength = (length: number) => 'kX7#vq2!'.padEnd(length, 'zW5-').slice(0, length)

describe('a new deployment', () => {
  it('has nobody in it who could sign in: its one account is its own voice, and signs nobody in', async () => {
    const { results } = await env.DB.prepare(
      'select email, is_active as isActive, (select count(*) from user_roles) as roles from users',
    ).all()
    expect(results).toEqual([{ email: 'system@selvage.invalid', isActive: 0, roles: 0 }])
  })

  it('makes no first admin of a password that everybody tries', async () => {
    const admin = { BOOTSTRAP_ADMIN_EMAIL: 'first@people.test', BOOTSTRAP_ADMIN_PASSWORD: 'Password2024!' }
    const weak = createApi({ passwords, settings: admin })
    const login = { email: admin.BOOTSTRAP_ADMIN_EMAIL, password: admin.BOOTSTRAP_ADMIN_PASSWORD }
    expect((await weak.post('/v1/auth/login', login)).status).toBe(401)
    expect(await env.DB.prepare('select count(*) as n from user_roles').first('n')).toBe(0)
  })
})

describe('a new password', () => {
  it('has at least eight characters, and may have far more than sixty-four', () => {
    expect([accepts(ofLength(7)), accepts(ofLength(8))]).toEqual([false, true])
    expect([accepts(ofLength(64)), accepts(ofLength(PASSWORD_MAX)), accepts(ofLength(PASSWORD_MAX + 1))]).toEqual([
      true,
      true,
      false,
    ])
    expect([PASSWORD_MIN, PASSWORD_MAX >= 64]).toEqual([8, true])
  })

  it('may be of any script, with spaces and pictures in it', () => {
    for (const password of ['Ärger im Büro 7!', 'Пароль из слов 7!', 'Kettle 🦊 river 9 loom', 'Ελιά και αλάτι 4?']) {
      expect([password, accepts(password)]).toEqual([password, true])
    }
  })

  it('is none of the thousands that are tried first, with whatever the rule asks for put around it', () => {
    const words = COMMON.words.flatMap((line) => line.split(' ')).filter((word) => /^[a-z]+$/.test(word))
    expect(words.length).toBeGreaterThan(3_000)
    const dressed = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}-2024!`)
    expect(dressed.filter(accepts)).toEqual([])
    expect(['P@ssw0rd!', 'Qwerty123!', 'Dragon1!Dragon1!', 'Iloveyou-1'].filter(accepts)).toEqual([])
  })

  it('is not made of the names, the address or what the service is called', async () => {
    for (const password of ['Lindqvist-2024!', 'M@ya-Lindqv1st', 'Maya2024!', 'Selvage-2024!', '$elvage-Maya-1']) {
      const { status, body } = await api.post('/v1/auth/register', { ...person, password })
      expect([password, status, body.errors?.map(({ field }) => field)]).toEqual([password, 400, ['password']])
    }
  })
})

describe('the password of an account', () => {
  it('is compared whole and as it was typed: what is cut, padded or in other case is another one', async () => {
    const password = `${ofLength(PASSWORD_MAX - 1)}A`
    const made = await api.post<SignedIn>('/v1/auth/register', { ...person, password })
    expect(made.status).toBe(201)
    const signIn = async (given: string) =>
      (await api.post('/v1/auth/login', { email: person.email, password: given })).status
    for (const other of [password.slice(0, -1), password.slice(0, 72), `${password.slice(0, -1)}a`]) {
      expect(await signIn(other)).toBe(401)
    }
    expect(await signIn(password)).toBe(200)

    const spaced = { ...person, email: 'spaced@people.test', password: ' Kettle river 9! ' }
    expect((await api.post('/v1/auth/register', spaced)).status).toBe(201)
    const { email } = spaced
    expect((await api.post('/v1/auth/login', { email, password: spaced.password.trim() })).status).toBe(401)
    expect((await api.post('/v1/auth/login', { email, password: spaced.password })).status).toBe(200)
  })

  it('stays good for as long as its owner likes: years later nobody is made to change it', async () => {
    const account = { ...person, email: 'patient@people.test', password: ofLength(20) }
    expect((await api.post('/v1/auth/register', account)).status).toBe(201)
    const later = createApi({ passwords, clock: () => Date.now() + 5 * 365 * DAY_MS })
    const { status, body } = await later.post<SignedIn>('/v1/auth/login', {
      email: account.email,
      password: account.password,
    })
    expect([status, body.data.user.email]).toEqual([200, account.email])
  })
})
