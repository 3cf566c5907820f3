import type {
  AddPasskeyBody,
  PasskeyCreation,
  PasskeyRequest,
  PasskeyView,
} from '../../src/features/identity/passkeys/schemas.ts'
import type { SignedIn } from '../../src/features/identity/schemas.ts'
import type { Answer, Api } from './api.ts'
import { type Quirks, TestAuthenticator } from './authenticator.ts'

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
