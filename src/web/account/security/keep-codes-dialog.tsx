import { useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { saveAsFile } from '../save-as-file.ts'
import { signOutOthers } from './sign-out-others.ts'

interface KeepCodesProps {
  title: string
  codes: readonly string[]
  email: string
  onClose: () => void
}

/** Shows backup codes the one time that they are shown: to copy, to save, to print. It closes when they are kept. */
export function KeepCodesDialog({ title, codes, email, onClose }: KeepCodesProps) {
  const { client } = useWorkspace()
  const [isKept, setKept] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join('\n'))
      toast({ text: 'The codes are copied', tone: 'good' })
    } catch {
      toast({ text: 'This browser does not let the page copy. Select the codes, or save them.', tone: 'bad' })
    }
    setKept(true)
  }
  const save = () => {
    saveAsFile('selvage-backup-codes.txt', asText(codes, email), 'text/plain')
    setKept(true)
  }
  const printCodes = () => {
    print()
    setKept(true)
  }
  const signOut = useAction(() => signOutOthers(client))
  const close = () => {
    if (isKept) return onClose()
    setKept(true)
    toast({ text: 'These codes are not shown again. Keep them first, then close.', tone: 'bad' })
  }
  return (
    <Dialog
      title={title}
      testId="backup-codes"
      onClose={close}
      footer={
        <Button kind="primary" onPress={onClose} testId="backup-codes-kept">
          I have kept them
        </Button>
      }
    >
      <p>
        Without your app each of these signs you in once. Keep them where you find them without your phone: they are not
        shown again.
      </p>
      <ul class="backup-codes" aria-label="Backup codes" data-testid="backup-code-list">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p class="page-actions">
        <Button onPress={() => void copy()} testId="backup-codes-copy">
          <Icon name="copy" />
          Copy
        </Button>
        <Button onPress={save} testId="backup-codes-save">
          Save as a file
        </Button>
        <Button onPress={printCodes} testId="backup-codes-print">
          Print
        </Button>
      </p>
      <p>
        Wherever you are signed in already you stay so.{' '}
        <Button kind="text" isBusy={signOut.isBusy} onPress={() => void signOut.run()} testId="sign-out-others">
          Sign out all other devices
        </Button>
      </p>
    </Dialog>
  )
}

function asText(codes: readonly string[], email: string): string {
  const lines = codes.map((code, i) => `${String(i + 1).padStart(2)}. ${code}`)
  return [`Backup codes of ${email} at ${location.host}`, 'Each is good once.', '', ...lines, ''].join('\n')
}
