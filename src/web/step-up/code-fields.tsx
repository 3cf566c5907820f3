import { Field } from '../components/field.tsx'

interface CodeFieldProps {
  error: string | undefined
  /** Where it is what the person came for. */
  hasFocus?: boolean
}

/** The six digits of an authenticator app. Browsers that know them fill them in. */
export function MfaCodeField({ name = 'mfaCode', error, hasFocus }: CodeFieldProps & { name?: string }) {
  return (
    <Field
      label="Code of your authenticator app"
      name={name}
      autocomplete="one-time-code"
      inputMode="numeric"
      isCode
      maxLength={10}
      placeholder="123 456"
      error={error}
      hasFocus={hasFocus}
      testId="mfa-code"
    />
  )
}

export function BackupCodeField({ error, hasFocus }: CodeFieldProps) {
  return (
    <Field
      label="Backup code"
      name="backupCode"
      isCode
      maxLength={64}
      placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"
      hint="Each is good once. Dashes and capitals do not matter."
      error={error}
      hasFocus={hasFocus}
      testId="backup-code"
    />
  )
}
