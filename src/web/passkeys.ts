import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  sendSignal,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from '@simplewebauthn/browser'
import type { AddPasskeyBody, PasskeyCreation, PasskeyProof, PasskeyRequest } from '../client/index.ts'
import { PasskeyDeclined, PasskeyFailed } from './passkey-problem.ts'

/** Older browsers, and pages that are not served safely, know no passkeys. */
export const knowsPasskeys = browserSupportsWebAuthn

/** Whether the browser can offer passkeys among what it fills in. */
export const fillsPasskeys = browserSupportsWebAuthnAutofill

/** Has the browser make a passkey. @throws PasskeyDeclined, PasskeyFailed */
export async function makePasskey({ options, token }: PasskeyCreation): Promise<Omit<AddPasskeyBody, 'name'>> {
  const optionsJSON = options as PasskeyCreation['options'] & PublicKeyCredentialCreationOptionsJSON
  const made = await inWords(() => startRegistration({ optionsJSON }))
  return { token, response: plain<AddPasskeyBody['response']>(made) }
}

/**
 * Has the browser show one. With `fills` it waits, as long as the page is there, for whoever picks one in the field
 * whose `autocomplete` ends in `webauthn`. @throws PasskeyDeclined, PasskeyFailed
 */
export async function showPasskey({ options, token }: PasskeyRequest, fills = false): Promise<PasskeyProof> {
  const optionsJSON = options as PasskeyRequest['options'] & PublicKeyCredentialRequestOptionsJSON
  const shown = await inWords(() => startAuthentication({ optionsJSON, useBrowserAutofill: fills }))
  return { token, response: plain<PasskeyProof['response']>(shown) }
}

/** Ends what waits for a person, on leaving the page that asked. */
export function stopAsking(): void {
  WebAuthnAbortService.cancelCeremony()
}

/** Tells the browser that a passkey is good no more, so that it is offered no more. Not every browser listens. */
export async function forgetPasskey(credentialID: string): Promise<void> {
  try {
    await sendSignal({ signalName: 'unknownCredential', rpID: location.hostname, credentialID })
  } catch {
    // Then its person deletes it there, as the page has said.
  }
}

/** As it goes over the wire: a browser may say more than the types of either side know, and absent where undefined. */
function plain<T>(response: object): T {
  return JSON.parse(JSON.stringify(response)) as T
}

async function inWords<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw toProblem(error)
  }
}

const WORDS: Record<string, string> = {
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: 'This device holds a passkey of yours already.',
  ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: 'This device cannot keep passkeys. Try another one.',
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT:
    'This device cannot check who uses it. Set a PIN or a fingerprint for it, or try another one.',
  ERROR_INVALID_DOMAIN: 'Passkeys do not work at this address of Selvage.',
  ERROR_INVALID_RP_ID: 'Passkeys do not work at this address of Selvage.',
}

function toProblem(error: unknown): Error {
  const { name, code, message } = error as { name?: string; code?: string; message?: string }
  if (code === 'ERROR_CEREMONY_ABORTED' || name === 'AbortError' || name === 'NotAllowedError') {
    return new PasskeyDeclined(message)
  }
  return new PasskeyFailed(WORDS[code ?? ''] ?? 'This device could not do that. Try again, or use another one.')
}
