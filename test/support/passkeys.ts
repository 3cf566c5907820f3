import { env } from 'cloudflare:workers'
import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import type {
  AddPasskeyBody,
  PasskeyCreation,
  PasskeyRequest,
  PasskeyView,
} from '../../src/features/identity/passkeys/schemas.ts'
import type { SignedIn } from '../../src/features/identity/schemas.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Answer, Api } from './api.ts'
import { type Quirks, TestAuthenticator } from './authenticator.ts'
import { makePerson, type TestPerson } from './people.ts'

export const PASSKEYS = '/v1/auth/passkeys'

/** A passkey that somebody has added, with the device that holds it. */
export async function addPasskey(
  api: Api,
  person: { accessToken: string },
  device = new TestAuthenticator(),
  quirks: Quirks = {},
): Promise<{ device: TestAuthenticator; answer: Answer<PasskeyView> }> {
  const body = await passkeyBody(api, person, device, quirks)
  return { device, answer: await api.as(person).post<PasskeyView>(PASSKEYS, body) }
}

export async function passkeyBody(
  api: Api,
  person: { accessToken: string },
  device = new TestAuthenticator(),
  quirks: Quirks = {},
): Promise<AddPasskeyBody> {
  const { token, options } = (await api.as(person).post<PasskeyCreation>(`${PASSKEYS}/options`)).body.data
  return { name: 'My laptop', token, response: (await device.create(options, quirks)) as AddPasskeyBody['response'] }
}

export async function signInBody(api: Api, device: TestAuthenticator, quirks: Quirks = {}) {
  const { token, options } = (await api.post<PasskeyRequest>(`${PASSKEYS}/sign-in/options`)).body.data
  return { token, response: await device.get(options, quirks) }
}

export async function signInByPasskey(api: Api, device: TestAuthenticator, quirks: Quirks = {}) {
  return api.post<SignedIn>(`${PASSKEYS}/sign-in`, await signInBody(api, device, quirks))
}

/** Somebody whose sign-in takes two steps, who has a passkey, and who has taken the first one. */
export async function afterFirstStep(
  api: Api,
): Promise<{ person: TestPerson; device: TestAuthenticator; tempToken: string }> {
  const person = await makePerson(api.isolate)
  const { device } = await addPasskey(api, person)
  await env.DB.prepare('update users set mfa_enabled_at = 1 where id = ?').bind(person.id).run()
  const claims = { sub: person.id, type: 'mfa-temp' as const, by: 'password' as const, pwd: null }
  return { person, device, tempToken: await api.isolate.passingTokens.sign(TEMP_TOKEN, claims, newId()) }
}

export async function secondStepBody(api: Api, device: TestAuthenticator, tempToken: string, quirks: Quirks = {}) {
  const { data } = (await api.post<PasskeyRequest>(`${PASSKEYS}/second-step/options`, { tempToken })).body
  return { tempToken, token: data.token, response: await device.get(data.options, quirks) }
}

/** What a person gives to `POST /v1/auth/step-up`. */
export async function stepUpBody(
  api: Api,
  person: { accessToken: string },
  device: TestAuthenticator,
  quirks: Quirks = {},
) {
  const { data } = (await api.as(person).post<PasskeyRequest>(`${PASSKEYS}/step-up/options`)).body
  return { passkey: { token: data.token, response: await device.get(data.options, quirks) } }
}
