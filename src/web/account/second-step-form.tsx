import { useState } from 'preact/hooks'
import { ApiError, type MfaRequired } from '../../client/index.ts'
import { client } from '../client.ts'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { toast } from '../components/toast.tsx'
import { useAction } from '../components/use-action.ts'
import { passkeyProblem } from '../passkey-problem.ts'
import { useTitle } from '../shell/title.ts'
import { BackupCodeField, MfaCodeField } from '../step-up/code-fields.tsx'
import { useCaptcha } from './captcha/use-captcha.tsx'
import { FormProblem } from './form-problem.tsx'
import { SubmitButton } from './submit-button.tsx'
import { useAccountForm } from './use-account-form.ts'

interface SecondStepProps {
  required: MfaRequired
  /** Begins anew; `ranOut` where the five minutes are over, or somebody else used the token. */
  onBack: (ranOut: boolean) => void
}

/** The second of two steps: who knows the password shows that they have the account's app, or a code that they kept. */
export function SecondStepForm({ required, onBack }: SecondStepProps) {
  useTitle('Second step')
  const [isBackup, setBackup] = useState(false)
  const Part = isBackup ? BackupCodePart : AppPart
  const mayChoose = required.methods.includes('backup-code')
  return (
    <Part required={required} onBack={onBack}>
      {required.methods.includes('passkey') && <PasskeyButton tempToken={required.tempToken} onBack={onBack} />}
      <div class="account-others">
        {mayChoose && (
          <Button kind="text" onPress={() => setBackup(!isBackup)} testId="second-step-other">
            {isBackup ? 'Use your authenticator app' : 'Use a backup code instead'}
          </Button>
        )}
        <Button kind="text" onPress={() => onBack(false)} testId="second-step-back">
          Back to sign-in
        </Button>
      </div>
    </Part>
  )
}

/** Instead of a code: the device that holds a passkey shows it. */
function PasskeyButton({ tempToken, onBack }: { tempToken: string; onBack: SecondStepProps['onBack'] }) {
  const [problem, setProblem] = useState<string | null>(null)
  const finish = useAction(
    async () => {
      setProblem(null)
      const { showPasskey } = await import('../passkeys.ts')
      await unlessRanOut(onBack, async () => {
        const proof = await showPasskey(await client.passkeys.beginSecondStep(tempToken))
        await client.passkeys.finishSecondStep({ tempToken, ...proof })
      })
    },
    { onProblem: (words, error) => setProblem(passkeyProblem(words, error)) },
  )
  return (
    <>
      <FormProblem text={problem} />
      <Button onPress={() => void finish.run()} isBusy={finish.isBusy} testId="second-step-passkey">
        <Icon name="key" />
        Use a passkey instead
      </Button>
    </>
  )
}

interface PartProps extends SecondStepProps {
  children: preact.ComponentChildren
}

function AppPart({ required: { tempToken }, onBack, children }: PartProps) {
  const captcha = useCaptcha('login')
  const form = useAccountForm(
    ['mfaCode'] as const,
    ({ mfaCode }) => ({
      ...(mfaCode ? {} : { mfaCode: 'Enter the code that your app shows' }),
      ...captcha.problems(),
    }),
    (values) => {
      const mfaCode = values.mfaCode.replaceAll(/\s/g, '')
      return unlessRanOut(onBack, () =>
        captcha.guard((checked) => client.auth.verifyMfa({ tempToken, mfaCode, ...checked })),
      )
    },
  )
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="second-step">
      <h1>Second step</h1>
      <p>Open your authenticator app and enter the code that it shows for this account.</p>
      <FormProblem text={form.problems.form} />
      <MfaCodeField error={form.problems.fields.mfaCode} hasFocus />
      {captcha.render(form.problems.fields.captchaToken)}
      <SubmitButton form={form} label="Sign in" testId="second-step-submit" />
      {children}
    </form>
  )
}

function BackupCodePart({ required: { tempToken }, onBack, children }: PartProps) {
  const captcha = useCaptcha('login')
  const form = useAccountForm(
    ['backupCode'] as const,
    ({ backupCode }) => ({
      ...(backupCode ? {} : { backupCode: 'Enter one of your backup codes' }),
      ...captcha.problems(),
    }),
    ({ backupCode }) =>
      unlessRanOut(onBack, async () => {
        const use = (checked: object) => client.auth.useBackupCode({ tempToken, backupCode, ...checked })
        const { warning } = await captcha.guard(use)
        toast({ text: `${warning} You find them under Account, Security.` })
      }),
  )
  return (
    <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit} data-testid="second-step-backup">
      <h1>Second step</h1>
      <p>Enter one of the backup codes that you kept when you switched two-step sign-in on.</p>
      <FormProblem text={form.problems.form} />
      <BackupCodeField error={form.problems.fields.backupCode} hasFocus />
      {captcha.render(form.problems.fields.captchaToken)}
      <SubmitButton form={form} label="Sign in" testId="second-step-submit" />
      {children}
    </form>
  )
}

async function unlessRanOut(onBack: SecondStepProps['onBack'], send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'INVALID_TOKEN')) throw error
    onBack(true)
  }
}
