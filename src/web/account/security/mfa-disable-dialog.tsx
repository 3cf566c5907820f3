import { useState } from 'preact/hooks'
import { Dialog } from '../../components/dialog.tsx'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { PasswordField } from '../password-field.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import {
  FactorField,
  type FactorKind,
  type FactorValues,
  missingOf,
  namesOf,
  OtherFactors,
  showFactor,
} from './second-factor.tsx'
import { toastChangedSignIn } from './sign-out-others.ts'

const KINDS = ['mfaCode', 'backupCode', 'passkey'] as const

/** Switches the second step off, by both factors; whoever has lost the app gives a backup code, or shows a passkey. */
export function DisableMfaDialog({ hasPassword, onClose }: { hasPassword: boolean; onClose: () => void }) {
  const { client } = useWorkspace()
  const [kind, setKind] = useState<FactorKind>('mfaCode')
  const form = useAccountForm<keyof FactorValues>(
    namesOf(kind),
    (values) => missingOf(kind, hasPassword, values),
    async (values) => {
      const factor = await showFactor(client, kind, values)
      await client.mfa.disable({ ...(hasPassword ? { password: values.password } : {}), ...factor })
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
        <FactorField kind={kind} fields={fields} />
        <SubmitButton form={form} label="Switch off" testId="disable-mfa-submit" />
        <OtherFactors kinds={KINDS} kind={kind} onChoose={setKind} />
      </form>
    </Dialog>
  )
}
