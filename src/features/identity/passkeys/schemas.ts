import * as z from 'zod'
import { lineOfText } from '../../../platform/text.ts'
import { SessionKind } from '../schemas.ts'

/** base64url without padding, in its one spelling or not: what is behind it is looked at later. */
const base64Url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w-]+$/, 'Use base64url')
    .meta({ description: 'As the browser gave it, in base64url' })

/** The most bytes that a credential's id may have are 1,023. */
const CredentialId = base64Url(1_364)
const Transports = z
  .array(z.string().max(30))
  .max(10)
  .meta({ examples: [['internal', 'hybrid']] })
const PasskeyName = lineOfText({ min: 1, max: 60 })

const Descriptor = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()).optional(),
})

/** `PublicKeyCredentialCreationOptionsJSON` of WebAuthn, as a browser takes it. */
const CreationOptions = z
  .looseObject({
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
    /** Milliseconds. */
    timeout: z.int(),
    excludeCredentials: z.array(Descriptor),
    authenticatorSelection: z.looseObject({
      residentKey: z.literal('required'),
      userVerification: z.literal('required'),
    }),
    attestation: z.literal('none'),
  })
  .meta({ id: 'PasskeyCreationOptions' })

/** `PublicKeyCredentialRequestOptionsJSON` of WebAuthn. */
const RequestOptions = z
  .looseObject({
    rpId: z.string(),
    challenge: z.string(),
    /** Milliseconds. */
    timeout: z.int(),
    userVerification: z.literal('required'),
    allowCredentials: z.array(Descriptor).optional(),
  })
  .meta({ id: 'PasskeyRequestOptions' })

/** What is shown to the browser, and the token that goes back with what it answers, within five minutes, once. */
export const PasskeyCreation = z.object({ options: CreationOptions, token: z.string() }).meta({ id: 'PasskeyCreation' })
export type PasskeyCreation = z.output<typeof PasskeyCreation>

export const PasskeyRequest = z.object({ options: RequestOptions, token: z.string() }).meta({ id: 'PasskeyRequest' })
export type PasskeyRequest = z.output<typeof PasskeyRequest>

const Token = z
  .string()
  .min(1)
  .max(4_000)
  .meta({ 'x-rule': 'A token that came with the options, not older than five minutes, not used before' })

const SIGNED = 'What the authenticator has signed'

const credential = {
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.looseObject({}).meta({ examples: [{}] }),
}

/** `RegistrationResponseJSON` of WebAuthn; what else a browser says is not looked at. */
const CreationResponse = z
  .looseObject({
    ...credential,
    response: z
      .looseObject({
        clientDataJSON: base64Url(4_000),
        attestationObject: base64Url(8_000),
        transports: Transports.optional(),
      })
      .meta({ description: SIGNED }),
  })
  .meta({ id: 'PasskeyCreationResponse', description: 'What `navigator.credentials.create` gave, as JSON' })

/** `AuthenticationResponseJSON` of WebAuthn. */
const AssertionResponse = z
  .looseObject({
    ...credential,
    response: z
      .looseObject({
        clientDataJSON: base64Url(4_000),
        authenticatorData: base64Url(4_000),
        signature: base64Url(2_000),
        /** Whose it is; absent where the browser was told which passkeys will do. */
        userHandle: base64Url(100).optional(),
      })
      .meta({ description: SIGNED }),
  })
  .meta({ id: 'PasskeyAssertionResponse', description: 'What `navigator.credentials.get` gave, as JSON' })

export const AddPasskeyBody = z
  .strictObject({
    /** Absent: it is called after the device that made it. */
    name: PasskeyName.optional(),
    token: Token,
    response: CreationResponse,
  })
  .meta({ id: 'AddPasskeyBody' })
export type AddPasskeyBody = z.output<typeof AddPasskeyBody>

/** A passkey that was shown. */
export const PasskeyProof = z
  .strictObject({ token: Token, response: AssertionResponse })
  .meta({ id: 'PasskeyProof', description: 'A passkey that was shown' })
export type PasskeyProof = z.output<typeof PasskeyProof>

export const PasskeySignInBody = z
  .strictObject({ ...PasskeyProof.shape, session: SessionKind.default('body') })
  .meta({ id: 'PasskeySignInBody' })
export type PasskeySignInBody = z.output<typeof PasskeySignInBody>

/** What the first of two steps has answered. */
const TempToken = z
  .string()
  .min(1)
  .max(2_000)
  .meta({ 'x-rule': 'A token that signing in has answered within the last five minutes, and that was not used' })

export const PasskeySecondStepOptionsBody = z
  .strictObject({ tempToken: TempToken })
  .meta({ id: 'PasskeySecondStepOptionsBody' })

export const PasskeySecondStepBody = z
  .strictObject({ ...PasskeyProof.shape, tempToken: TempToken, session: SessionKind.default('body') })
  .meta({ id: 'PasskeySecondStepBody' })
export type PasskeySecondStepBody = z.output<typeof PasskeySecondStepBody>

export const RenamePasskeyBody = z.strictObject({ name: PasskeyName }).meta({ id: 'RenamePasskeyBody' })

export const PasskeyId = z.object({ id: CredentialId })

export const PasskeyView = z
  .object({
    /** The credential's id, base64url. */
    id: z.string(),
    name: z.string(),
    /** Whether it is synced between devices, so that it is not lost with one. */
    isBackedUp: z.boolean(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey' })
export type PasskeyView = z.output<typeof PasskeyView>
