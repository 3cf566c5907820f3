import { useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { BackupCodeField, MfaCodeField } from '../../step-up/code-fields.tsx'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import { toastChangedSignIn } from './sign-out-others.ts'

/** Switches the second step off, by both factors; whoever has lost the app gives a backup code. */
export function DisableMfaDialog({ hasPassword, onClose }: { hasPassword: boolean; onClose: () => void }) {
  const { client } = useWorkspace()
  const [isLost, setLost] = useState(false)
  const second = isLost ? 'backupCode' : 'mfaCode'
  const form = useAccountForm<'password' | 'mfaCode' | 'backupCode'>(
    ['password', second],
    (values) => ({
      ...(values.password || !hasPassword ? {} : { password: 'Enter your password' }),
      ...(values[second] ? {} : { [second]: isLost ? 'Enter one of your backup codes' : 'Enter the code of your app' }),
    }),
    async ({ password, ...values }) => {
      const given = { [second]: isLost ? values.backupCode : values.mfaCode.replaceAll(/\s/g, '') }
      await client.mfa.disable({ ...(hasPassword ? { password } : {}), ...given })
      toastChangedSignIn(client, 'Two-step sign-in is off')
      onClose()
    },
  )
  const { fields } = form.problems
  return (
    <Dialog title="Switch two-step sign-in off" size="s" testId="disable-mfa" onClose={onClose}>
      <p>
        {hasPassword ? 'Whoever knows your password can sign in then.' : 'You sign in in one step then.'} Your backup
        codes are good no more.
      </p>
      <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit}>
        <FormProblem text={form.problems.form} />
        {hasPassword && <PasswordField autocomplete="current-password" error={fields.password} />}
        {isLost ? <BackupCodeField error={fields.backupCode} /> : <MfaCodeField error={fields.mfaCode} />}
        <SubmitButton form={form} label="Switch off" testId="disable-mfa-submit" />
        <p class="account-other">
          <Button kind="text" onPress={() => setLost(!isLost)} testId="disable-mfa-other">
            {isLost ? 'Use the authenticator app' : 'I have lost the app'}
          </Button>
        </p>
      </form>
    </Dialog>
  )
}
