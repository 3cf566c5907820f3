import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { MINUTE_MS } from '../clock.ts'
import { fromBase64Url, toBase64Url } from './encoding.ts'

/** The library is large, and most isolates never meet a passkey. */
const library = () => import('@simplewebauthn/server')
const helpers = () => import('@simplewebauthn/server/helpers')

/** How long a person may take; the challenge's token lives as long. */
export const CEREMONY_MS = 5 * MINUTE_MS
const CHALLENGE_BYTES = 32
/** ES256, RS256 and Ed25519: what authenticators have. */
const ALGORITHMS = [-7, -257, -8]

/** Where passkeys are good: at one host, on its pages. */
export interface RelyingParty {
  /** The host. */
  id: string
  name: string
  origin: string
  /** Outside production pages are served at any port. */
  anyPort: boolean
}

/** What a response shows is not so, or not what was asked for; why is for the log. */
export class PasskeyRefused extends Error {
  override readonly name = 'PasskeyRefused'
}

/** A credential as it is stored: bytes are base64url. */
export interface StoredCredential {
  id: string
  publicKey: string
  counter: number
  transports: string[]
}

export interface NewCredential extends StoredCredential {
  isBackedUp: boolean
}

export function newChallenge(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES)))
}

/** A user's handle: the 16 bytes of their id, base64url. It tells nothing of the person. */
export function userHandleOf(userId: string): string {
  return toBase64Url(Uint8Array.fromHex(userId.replaceAll('-', '')))
}

/** What a browser needs to make a passkey: one that it can find by itself, and that knows its holder. */
export async function creationOptions(
  party: RelyingParty,
  input: {
    user: { id: string; name: string; displayName: string }
    challenge: string
    exclude: readonly Pick<StoredCredential, 'id' | 'transports'>[]
  },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library()
  return generateRegistrationOptions({
    rpID: party.id,
    rpName: party.name,
    userID: bytes(userHandleOf(input.user.id)),
    userName: input.user.name,
    userDisplayName: input.user.displayName,
    challenge: bytes(input.challenge),
    timeout: CEREMONY_MS,
    attestationType: 'none',
    excludeCredentials: input.exclude.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
}

/** What a browser needs to show a passkey; without `allow` its person picks one of theirs. */
export async function requestOptions(
  party: RelyingParty,
  input: { challenge: string; allow?: readonly Pick<StoredCredential, 'id' | 'transports'>[] },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library()
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: bytes(input.challenge),
    timeout: CEREMONY_MS,
    userVerification: 'required',
    ...(input.allow && { allowCredentials: input.allow.map(({ id, transports }) => ({ id, transports })) }),
  })
}

/** The credential that a browser has made for the challenge. @throws PasskeyRefused */
export function checkCreation(
  party: RelyingParty,
  { response, challenge }: { response: RegistrationResponseJSON; challenge: string },
): Promise<NewCredential> {
  return refusing(async () => {
    await refuseCertificates(response)
    const { verifyRegistrationResponse } = await library()
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: expectedOrigin(party, response.response.clientDataJSON),
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!registrationInfo) throw new PasskeyRefused('the attestation does not hold')
    const { credential, credentialBackedUp } = registrationInfo
    return {
      id: credential.id,
      publicKey: toBase64Url(credential.publicKey),
      counter: credential.counter,
      transports: credential.transports ?? [],
      isBackedUp: credentialBackedUp,
    }
  })
}

/**
 * Checks what a browser has signed with a stored credential, its holder having been verified. The counter is for the
 * caller to judge: here it would be looked at before the signature, so that anybody could make it look wrong.
 * @throws PasskeyRefused
 */
export function checkAssertion(
  party: RelyingParty,
  input: { response: AuthenticationResponseJSON; challenge: string; stored: StoredCredential },
): Promise<{ counter: number; isBackedUp: boolean }> {
  const { response, challenge, stored } = input
  return refusing(async () => {
    const { verifyAuthenticationResponse } = await library()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: expectedOrigin(party, response.response.clientDataJSON),
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: stored.id, publicKey: bytes(stored.publicKey), counter: 0 },
    })
    if (!verified) throw new PasskeyRefused('the signature is wrong')
    return { counter: authenticationInfo.newCounter, isBackedUp: authenticationInfo.credentialBackedUp }
  })
}

/** A counter that does not rise means that there is a copy of the key. Synced passkeys do not count: always 0. */
export function counterWentBack(stored: number, came: number): boolean {
  return (stored > 0 || came > 0) && came <= stored
}

/**
 * No certificate was asked for. Whoever sends one would have us parse it, and fetch the address of revocations that
 * it names; only a signature by the credential itself may stand there.
 */
async function refuseCertificates(response: RegistrationResponseJSON): Promise<void> {
  const { decodeAttestationObject } = await helpers()
  const attestation = decodeAttestationObject(bytes(response.response.attestationObject))
  const format = attestation.get('fmt')
  const isPlain = format === 'none' || (format === 'packed' && attestation.get('attStmt').get('x5c') === undefined)
  if (!isPlain) throw new PasskeyRefused(`an attestation that was not asked for: ${String(format).slice(0, 40)}`)
}

/**
 * The origin that the response must name, as the library compares whole texts. Our pages stand in nobody's frame, so
 * what was made in one is refused, which the library would not always do.
 */
function expectedOrigin(party: RelyingParty, clientDataJSON: string): string {
  const { origin, crossOrigin, topOrigin } = JSON.parse(new TextDecoder().decode(bytes(clientDataJSON))) as Partial<
    Record<'origin' | 'crossOrigin' | 'topOrigin', unknown>
  >
  if (crossOrigin === true || topOrigin !== undefined) throw new PasskeyRefused('made in a frame of another site')
  if (!party.anyPort) return party.origin
  const url = typeof origin === 'string' ? URL.parse(origin) : null
  const ours = new URL(party.origin)
  return url?.protocol === ours.protocol && url.hostname === ours.hostname ? url.origin : party.origin
}

/** The library throws plain errors for whatever is wrong with a response, which anybody may have written. */
async function refusing<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof PasskeyRefused) throw error
    throw new PasskeyRefused(error instanceof Error ? error.message.slice(0, 300) : 'unreadable')
  }
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const read = fromBase64Url(text)
  if (!read) throw new PasskeyRefused('not base64url')
  return read
}
