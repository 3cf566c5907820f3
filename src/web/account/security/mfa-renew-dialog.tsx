import { useState } from 'preact/hooks'
import type { BackupCodes } from '../../../client/index.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import { KeepCodesDialog } from './keep-codes-dialog.tsx'
import {
  FactorField,
  type FactorKind,
  type FactorValues,
  missingOf,
  namesOf,
  OtherFactors,
  showFactor,
} from './second-factor.tsx'

const KINDS = ['mfaCode', 'passkey'] as const

interface RenewProps {
  hasPassword: boolean
  email: string
  onClose: () => void
}

/** Ten new codes in the place of the old ones, by both factors. */
export function RenewCodesDialog({ hasPassword, email, onClose }: RenewProps) {
  const { client } = useWorkspace()
  const [kind, setKind] = useState<FactorKind>('mfaCode')
  const [renewed, setRenewed] = useState<BackupCodes | null>(null)
  const form = useAccountForm<keyof FactorValues>(
    namesOf(kind),
    (values) => missingOf(kind, hasPassword, values),
    async (values) => {
      const { mfaCode, passkey } = await showFactor(client, kind, values)
      const factor = passkey ? { passkey } : { mfaCode }
      const password = hasPassword ? { password: values.password } : {}
      setRenewed(await client.mfa.renewBackupCodes({ ...password, ...factor }))
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
        <FactorField kind={kind} fields={form.problems.fields} />
        <SubmitButton form={form} label="Make new codes" testId="renew-codes-submit" />
        <OtherFactors kinds={KINDS} kind={kind} onChoose={setKind} />
      </form>
    </Dialog>
  )
}
