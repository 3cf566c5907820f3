import { useState } from 'preact/hooks'
import type { BackupCodes, MfaSetup } from '../../../client/index.ts'
import { CopyField } from '../../components/copy-field.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { MfaCodeField } from '../../step-up/code-fields.tsx'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from '../form-problem.tsx'
import { SubmitButton } from '../submit-button.tsx'
import { useAccountForm } from '../use-account-form.ts'
import { KeepCodesDialog } from './keep-codes-dialog.tsx'

export type { MfaSetup }

interface SetUpProps {
  setup: MfaSetup
  email: string
  onClose: () => void
}

/** First the app learns the secret and shows that it has it, then the codes for a day without the app are kept. */
export function SetUpMfaDialog({ setup, email, onClose }: SetUpProps) {
  const [enabled, setEnabled] = useState<BackupCodes | null>(null)
  if (enabled) {
    return (
      <KeepCodesDialog title="Two-step sign-in is on" codes={enabled.backupCodes} email={email} onClose={onClose} />
    )
  }
  return <ConfirmApp setup={setup} onEnabled={setEnabled} onClose={onClose} />
}

interface ConfirmAppProps {
  setup: MfaSetup
  onEnabled: (codes: BackupCodes) => void
  onClose: () => void
}

function ConfirmApp({ setup: { secret, uri, qrCode }, onEnabled, onClose }: ConfirmAppProps) {
  const { client } = useWorkspace()
  const form = useAccountForm(
    ['code'] as const,
    ({ code }) => ({ ...(code ? {} : { code: 'Enter the code that your app shows now' }) }),
    async ({ code }) => onEnabled(await client.mfa.enable(code.replaceAll(/\s/g, ''))),
  )
  return (
    <Dialog title="Set up two-step sign-in" testId="mfa-setup" onClose={onClose}>
      <ol class="steps">
        <li>
          <p>Scan this with an authenticator app, such as the one of your phone or your password manager.</p>
          <img class="qr-code" src={qrCode} alt="QR code of the key below" width={200} height={200} />
          <CopyField
            label="Or enter this key"
            value={secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
            hint="By time, six digits, as apps do unless told otherwise."
            testId="mfa-secret"
          />
          <p>
            <a class="link" href={uri}>
              Open it in an app on this device
            </a>
          </p>
        </li>
        <li>
          <p>Enter the code that the app shows for this account.</p>
          <form class="account-form" ref={form.ref} noValidate onSubmit={form.onSubmit}>
            <FormProblem text={form.problems.form} />
            <MfaCodeField name="code" error={form.problems.fields.code} />
            <SubmitButton form={form} label="Switch it on" testId="mfa-enable" />
          </form>
        </li>
      </ol>
    </Dialog>
  )
}
