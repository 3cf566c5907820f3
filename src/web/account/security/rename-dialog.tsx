import { useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { useAction } from '../../components/use-action.ts'

interface RenameDialogProps {
  title: string
  name: string
  hint: string
  onRename: (name: string) => Promise<void>
  onClose: () => void
  testId: string
}

/** Another name for something of one's own. */
export function RenameDialog({ title, name, hint, onRename, onClose, testId }: RenameDialogProps) {
  const [value, setValue] = useState(name)
  const [isTried, setTried] = useState(false)
  const rename = useAction(async (wanted: string) => {
    if (wanted !== name) await onRename(wanted)
    onClose()
  })
  const missing = value.trim() === '' ? 'Give it a name' : undefined
  return (
    <Dialog title={title} onClose={onClose} size="s" testId={testId}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (!missing) void rename.run(value.trim())
        }}
      >
        <Field
          label="Name"
          name="name"
          value={value}
          onInput={setValue}
          maxLength={60}
          hint={hint}
          error={isTried ? missing : (rename.problem ?? undefined)}
          testId={`${testId}-name`}
        />
        <div class="form-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={rename.isBusy} testId={`${testId}-save`}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
