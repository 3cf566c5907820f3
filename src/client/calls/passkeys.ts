import type {
  AddPasskeyBody,
  CreateApiKeyBody,
  CurrentUser,
  PasskeyProof,
  PasskeySecondStepBody,
  SignedIn,
  SteppedUp,
} from '../api-types.ts'
import type { Call } from '../call.ts'
import type { Session } from '../session.ts'
import { type CallSettings, dataOf, done, removed } from './shared.ts'

/**
 * Passkeys. What `begin…` answers goes to the browser as it is (`navigator.credentials`, by whatever library), and what
 * that answers comes back with the token. `open` calls in nobody's name.
 */
export function passkeyCalls(open: Call, call: Call, session: Session) {
  const enter = async (answer: Promise<{ data: SignedIn }>): Promise<CurrentUser> => {
    const { data } = await answer
    session.adopt(data)
    return data.user
  }
  return {
    list: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/passkeys', settings)),
    beginAdding: (settings?: CallSettings) => dataOf(call('POST', '/v1/auth/passkeys/options', settings)),
    add: (passkey: AddPasskeyBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/passkeys', { body: passkey, ...settings })),
    rename: (id: string, name: string, settings?: CallSettings) =>
      done(call('PATCH', '/v1/auth/passkeys/{id}', { params: { id }, body: { name }, ...settings })),
    remove: (id: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/auth/passkeys/{id}', { params: { id }, ...settings })),

    beginSignIn: (settings?: CallSettings) => dataOf(open('POST', '/v1/auth/passkeys/sign-in/options', settings)),
    signIn: (proof: PasskeyProof, settings?: CallSettings) =>
      enter(open('POST', '/v1/auth/passkeys/sign-in', { body: { ...proof, session: session.mode }, ...settings })),
    /** Instead of a code, in a sign-in that was answered with `requiresMfa`. */
    beginSecondStep: (tempToken: string, settings?: CallSettings) =>
      dataOf(open('POST', '/v1/auth/passkeys/second-step/options', { body: { tempToken }, ...settings })),
    finishSecondStep: (input: Omit<PasskeySecondStepBody, 'session'>, settings?: CallSettings) =>
      enter(open('POST', '/v1/auth/passkeys/second-step', { body: { ...input, session: session.mode }, ...settings })),
    /** What it leads to goes to `auth.stepUp({ passkey })`. */
    beginStepUp: (settings?: CallSettings) => dataOf(call('POST', '/v1/auth/passkeys/step-up/options', settings)),
    stepUp: (passkey: PasskeyProof, settings?: CallSettings): Promise<SteppedUp> =>
      dataOf(call('POST', '/v1/auth/step-up', { body: { passkey }, ...settings })),
  }
}

/** Keys with which programs act for the person. */
export function apiKeyCalls(call: Call) {
  return {
    list: (settings?: CallSettings) => dataOf(call('GET', '/v1/auth/api-keys', settings)),
    /** The only answer that holds the key itself. */
    create: (input: CreateApiKeyBody, settings?: CallSettings) =>
      dataOf(call('POST', '/v1/auth/api-keys', { body: input, ...settings })),
    rename: (id: string, name: string, settings?: CallSettings) =>
      done(call('PATCH', '/v1/auth/api-keys/{id}', { params: { id }, body: { name }, ...settings })),
    revoke: (id: string, settings?: CallSettings) =>
      removed(call('DELETE', '/v1/auth/api-keys/{id}', { params: { id }, ...settings })),
  }
}
