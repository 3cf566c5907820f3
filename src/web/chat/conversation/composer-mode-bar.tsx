import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { useConversation } from './conversation-context.ts'
import type { ComposerMode } from './drafts.ts'
import { previewOf } from './preview.ts'

/** What is answered or edited, and the way out. */
export function ComposerModeBar({ mode, onCancel }: { mode: ComposerMode; onCancel: () => void }) {
  const { nameOf, myId } = useConversation()
  if (mode.kind === 'new') return null
  const { message } = mode
  const whom = message.sender.id === myId ? 'yourself' : nameOf(message.sender.id)
  const isEdit = mode.kind === 'edit'
  return (
    <div class="composer-mode" data-testid="composer-mode" data-mode={mode.kind}>
      <Icon name={isEdit ? 'edit' : 'reply'} />
      <span class="composer-mode-text">
        <strong>{isEdit ? 'Edit your message' : `Answer to ${whom}`}</strong>
        <span>{previewOf(message.content)}</span>
      </span>
      <Button
        kind="icon"
        label={isEdit ? 'Do not edit' : 'Do not answer this message'}
        onPress={onCancel}
        testId="composer-cancel"
      >
        <Icon name="close" />
      </Button>
    </div>
  )
}
