import * as z from 'zod'
import { CaptchaToken } from '../../../platform/captcha/captcha.ts'
import { PasskeyProof } from '../passkeys/schemas.ts'
import { Email, GivenPassword, SessionKind, SignedIn } from '../schemas.ts'

/** As an authenticator app shows it. */
const MfaCode = z.string().regex(/^\d{6}$/, 'Enter the six digits that your app shows')
/** Bounded only: dashes, spaces and case do not matter. */
const BackupCode = z.string().min(8).max(64)
/** Signed for a challenge of `/auth/passkeys/step-up/options`. */
const StepUpPasskey = PasskeyProof
const TempToken = z
  .string()
  .min(1)
  .max(2_000)
  .meta({ 'x-rule': 'A token that signing in has answered within the last five minutes, and that was not used' })

/** Who signs in: by what the first step gave, or with both factors at once. */
const firstStep = {
  tempToken: TempToken.optional(),
  email: Email.optional(),
  password: GivenPassword.optional(),
  captchaToken: CaptchaToken.optional(),
  session: SessionKind.default('body'),
}

export const VerifyMfaBody = z.strictObject({ ...firstStep, mfaCode: MfaCode }).meta({ id: 'VerifyMfaBody' })
export type VerifyMfaBody = z.output<typeof VerifyMfaBody>

export const BackupSignInBody = z
  .strictObject({ ...firstStep, backupCode: BackupCode })
  .meta({ id: 'BackupSignInBody' })
export type BackupSignInBody = z.output<typeof BackupSignInBody>

export const SignedInByBackupCode = SignedIn.extend({
  /** What to do now that there is one code fewer. */
  warning: z.string(),
  backupCodesLeft: z.int(),
}).meta({ id: 'SignedInByBackupCode' })
export type SignedInByBackupCode = z.output<typeof SignedInByBackupCode>

export const StepUpBody = z
  .strictObject({
    password: GivenPassword.optional(),
    mfaCode: MfaCode.optional(),
    backupCode: BackupCode.optional(),
    passkey: StepUpPasskey.optional(),
  })
  .meta({ id: 'StepUpBody' })
export type StepUpBody = z.output<typeof StepUpBody>

export const SteppedUp = z.object({ provedAt: z.iso.datetime(), validForSeconds: z.int() }).meta({ id: 'SteppedUp' })
export type SteppedUp = z.output<typeof SteppedUp>

export const MfaStatus = z
  .object({
    isMfaEnabled: z.boolean(),
    mfaEnabledAt: z.iso.datetime().nullable(),
    backupCodesLeft: z.int(),
    /** Of an account that came by a provider there may be none: then nothing asks for it. */
    hasPassword: z.boolean(),
  })
  .meta({ id: 'MfaStatus' })
export type MfaStatus = z.output<typeof MfaStatus>

export const MfaSetup = z
  .object({
    /** Base32, to be typed where no picture can be taken. It is told here, and never again. */
    secret: z.string(),
    /** The same as `otpauth:` address, for an app on this device. */
    uri: z.string(),
    /** The same as a picture: a data URL of an SVG. */
    qrCode: z.string(),
    /** They come with `enable`. */
    backupCodes: z.null(),
  })
  .meta({ id: 'MfaSetup' })
export type MfaSetup = z.output<typeof MfaSetup>

export const EnableMfaBody = z
  .strictObject({ code: MfaCode.meta({ 'x-rule': 'A code of the app that was set up within the last half hour' }) })
  .meta({ id: 'EnableMfaBody' })
export type EnableMfaBody = z.output<typeof EnableMfaBody>

export const BackupCodes = z
  .object({
    message: z.string(),
    /** They are told here, and never again. */
    backupCodes: z.array(z.string()),
    backupCodesLeft: z.int(),
  })
  .meta({ id: 'BackupCodes' })
export type BackupCodes = z.output<typeof BackupCodes>

const OwnMfaCode = MfaCode.meta({ 'x-rule': 'Of an account that asks for codes' })

export const DisableMfaBody = z
  .strictObject({
    password: GivenPassword.optional(),
    mfaCode: OwnMfaCode.optional(),
    /** Instead of a code of the app. */
    backupCode: BackupCode.optional(),
    passkey: StepUpPasskey.optional(),
  })
  .meta({ id: 'DisableMfaBody' })
export type DisableMfaBody = z.output<typeof DisableMfaBody>

export const RenewBackupCodesBody = z
  .strictObject({
    password: GivenPassword.optional(),
    mfaCode: OwnMfaCode.optional(),
    /** Instead of a code of the app. */
    passkey: StepUpPasskey.optional(),
  })
  .meta({ id: 'RenewBackupCodesBody' })
export type RenewBackupCodesBody = z.output<typeof RenewBackupCodesBody>
