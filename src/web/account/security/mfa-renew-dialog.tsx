import { useState } from 'preact/hooks'
import type { BackupCodes } from '../../../client/index.ts'
import { Dialog } from '../../components/dialog.tsx'
import { MfaCodeField } from '../../step-up/code-fields.tsx'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import { KeepCodesDialog } from './keep-codes-dialog.tsx'

interface RenewProps {
  hasPassword: boolean
  email: string
  onClose: () => void
}

/** Ten new codes in the place of the old ones, by both factors. */
export function RenewCodesDialog({ hasPassword, email, onClose }: RenewProps) {
  const { client } = useWorkspace()
  const [renewed, setRenewed] = useState<BackupCodes | null>(null)
  const form = useAccountForm(
    ['password', 'mfaCode'] as const,
    ({ password, mfaCode }) => ({
      ...(password || !hasPassword ? {} : { password: 'Enter your password' }),
      ...(mfaCode ? {} : { mfaCode: 'Enter the code that your app shows' }),
    }),
    async ({ password, mfaCode }) => {
      const code = mfaCode.replaceAll(/\s/g, '')
      setRenewed(await client.mfa.renewBackupCodes({ ...(hasPassword ? { password } : {}), mfaCode: code }))
    },
  )
  if (renewed) {
    return <KeepCodesDialog title="Your new backup codes" codes={renewed.backupCodes} email={email} onClose={onClose} />
  }
  return (
    <Dialog title="Make new backup codes" size="s" testId="renew-codes" onClose={onClose}>
      <p>The codes that you have are good no more then.</p>
      <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit}>
        <FormProblem text={form.problems.form} />
        {hasPassword && <PasswordField autocomplete="current-password" error={form.problems.fields.password} />}
        <MfaCodeField error={form.problems.fields.mfaCode} />
        <SubmitButton form={form} label="Make new codes" testId="renew-codes-submit" />
      </form>
    </Dialog>
  )
}
