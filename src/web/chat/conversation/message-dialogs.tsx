import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { focusComposer } from './composer-focus.ts'
import { type MessageDialog, useConversation } from './conversation-context.ts'
import { EmojiPicker } from './emoji-picker.tsx'
import { ReactorsDialog } from './reactors-dialog.tsx'
import { recentEmoji } from './recent-emoji.ts'
import { ReportDialog } from './report-dialog.tsx'
import { openShelf } from './shelf.ts'
import { useMessageActions } from './use-message-actions.ts'

/** What is asked about one message. */
export function MessageDialogs({ dialog, onClose }: { dialog: MessageDialog; onClose: () => void }) {
  const { message } = dialog
  switch (dialog.kind) {
    case 'delete':
      return <DeleteDialog message={message} onClose={onClose} />
    case 'report':
      return <ReportDialog message={message} onClose={onClose} />
    case 'reactors':
      return <ReactorsDialog message={message} onClose={onClose} />
    case 'emoji':
      return <EmojiDialog message={message} onClose={onClose} />
    case 'actions':
      return <ActionsDialog message={message} onClose={onClose} />
  }
}

interface DialogProps {
  message: Message
  onClose: () => void
}

function DeleteDialog({ message, onClose }: DialogProps) {
  const { conversation, myId, nameOf, composerId } = useConversation()
  const isOwn = message.sender.id === myId
  const remove = () => {
    const next = neighbourOf(message.id)
    onClose()
    void conversation.wish(message, { kind: 'delete' })
    // The message that had the focus goes away: the next one has it then.
    requestAnimationFrame(() => (next?.isConnected ? next.focus() : focusComposer(composerId)))
  }
  return (
    <Confirm
      title="Delete this message?"
      text={
        isOwn
          ? 'It goes away for everybody. Answers to it stay.'
          : `It is a message of ${nameOf(message.sender.id)}, and goes away for everybody.`
      }
      action="Delete"
      isBusy={false}
      testId="delete-message"
      onConfirm={remove}
      onCancel={onClose}
    />
  )
}

function EmojiDialog({ message, onClose }: DialogProps) {
  const { myId } = useConversation()
  const { react } = useMessageActions(message)
  return (
    <Dialog title="React" onClose={onClose} size="s" testId="emoji-dialog">
      <EmojiPicker
        userId={myId}
        onPick={(emoji) => {
          onClose()
          react(emoji)
        }}
      />
    </Dialog>
  )
}

/** Everything that can be done, for fingers and for keys. */
function ActionsDialog({ message, onClose }: DialogProps) {
  const { myId, nameOf, ask } = useConversation()
  const { allowed, react, items } = useMessageActions(message)
  const then = (act: () => void) => {
    onClose()
    // After the dialog has given the focus back, so that what it does may take it.
    requestAnimationFrame(act)
  }
  const whose = message.sender.id === myId ? 'Your message' : `Message of ${nameOf(message.sender.id)}`
  return (
    <Dialog title={whose} onClose={onClose} size="s" testId="message-actions">
      {allowed.react && (
        <div class="quick-emoji">
          {recentEmoji(openShelf(), myId).map((emoji) => (
            <button
              key={emoji}
              type="button"
              class="emoji"
              aria-label={`React with ${emoji}`}
              onClick={() => then(() => react(emoji))}
            >
              {emoji}
            </button>
          ))}
          <Button kind="icon" label="More emoji" onPress={() => then(() => ask({ kind: 'emoji', message }))}>
            <Icon name="plus" />
          </Button>
        </div>
      )}
      <ul class="action-list">
        {items().map(
          (item) =>
            item !== 'line' && (
              <li key={item.label}>
                <button
                  type="button"
                  class={`menu-item ${item.isDanger ? 'menu-item-danger' : ''}`}
                  data-testid={item.testId}
                  onClick={() => then(item.onPick)}
                >
                  {item.icon && <Icon name={item.icon} />}
                  <span class="menu-label">{item.label}</span>
                </button>
              </li>
            ),
        )}
      </ul>
    </Dialog>
  )
}

function neighbourOf(messageId: string): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>('[data-key]')]
  const at = all.findIndex(({ dataset }) => dataset.messageId === messageId)
  return all[at + 1] ?? all[at - 1] ?? null
}
