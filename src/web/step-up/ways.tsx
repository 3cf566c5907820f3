import { useState } from 'preact/hooks'
import type { StepUp } from '../../client/index.ts'
import { FormProblem } from '../account/form-problem.tsx'
import { PasswordField } from '../account/password-field.tsx'
import { SubmitButton } from '../account/submit-button.tsx'
import { useAccountForm } from '../account/use-account-form.ts'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { useAction } from '../components/use-action.ts'
import { passkeyProblem } from '../passkey-problem.ts'
import { BackupCodeField, MfaCodeField } from './code-fields.tsx'

export interface WayProps {
  onProved: () => void
}

interface Way {
  /** On the button that chooses it. */
  choice: string
  Part: (props: WayProps) => preact.JSX.Element
}

/** How one may show who one is, in the order in which a page offers it. What is not here a page cannot ask for. */
export const WAYS: Partial<Record<StepUp['methods'][number], Way>> = {
  totp: { choice: 'Use my authenticator app', Part: TotpWay },
  password: { choice: 'Use my password', Part: PasswordWay },
  passkey: { choice: 'Use a passkey', Part: PasskeyPart },
  'backup-code': { choice: 'Use a backup code', Part: BackupCodeWay },
}

function PasswordWay({ onProved }: WayProps) {
  const form = useAccountForm(
    ['password'] as const,
    ({ password }) => ({ ...(password ? {} : { password: 'Enter your password' }) }),
    (proof) => client.auth.stepUp(proof).then(onProved),
  )
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="step-up-password">
      <FormProblem text={form.problems.form} />
      <PasswordField autocomplete="current-password" error={form.problems.fields.password} />
      <SubmitButton form={form} label="Go on" testId="step-up-submit" />
    </form>
  )
}

function TotpWay({ onProved }: WayProps) {
  const form = useAccountForm(
    ['mfaCode'] as const,
    ({ mfaCode }) => ({ ...(mfaCode ? {} : { mfaCode: 'Enter the code that your app shows' }) }),
    ({ mfaCode }) => client.auth.stepUp({ mfaCode: mfaCode.replaceAll(/\s/g, '') }).then(onProved),
  )
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="step-up-totp">
      <FormProblem text={form.problems.form} />
      <MfaCodeField error={form.problems.fields.mfaCode} />
      <SubmitButton form={form} label="Go on" testId="step-up-submit" />
    </form>
  )
}

function PasskeyPart({ onProved }: WayProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const prove = useAction(
    async () => {
      setProblem(null)
      const { showPasskey } = await import('../passkeys.ts')
      await client.passkeys.stepUp(await showPasskey(await client.passkeys.beginStepUp()))
      onProved()
    },
    { onProblem: (words, error) => setProblem(passkeyProblem(words, error)) },
  )
  return (
    <div class="account-form" data-testid="step-up-passkey">
      <FormProblem text={problem} />
      <Button kind="primary" onPress={() => void prove.run()} isBusy={prove.isBusy} testId="step-up-submit">
        <Icon name="key" />
        Use a passkey
      </Button>
    </div>
  )
}

function BackupCodeWay({ onProved }: WayProps) {
  const form = useAccountForm(
    ['backupCode'] as const,
    ({ backupCode }) => ({ ...(backupCode ? {} : { backupCode: 'Enter one of your backup codes' }) }),
    (proof) => client.auth.stepUp(proof).then(onProved),
  )
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="step-up-backup-code">
      <FormProblem text={form.problems.form} />
      <BackupCodeField error={form.problems.fields.backupCode} />
      <SubmitButton form={form} label="Go on" testId="step-up-submit" />
    </form>
  )
}
