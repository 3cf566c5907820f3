import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Menu } from '../../components/menu.tsx'
import { Popover } from '../../components/popover.tsx'
import { useConversation } from './conversation-context.ts'
import { EmojiPicker } from './emoji-picker.tsx'
import { useMessageActions } from './use-message-actions.ts'

/** Stands at the message that is pointed at or has the focus. */
export function MessageToolbar({ message, author }: { message: Message; author: string }) {
  const { myId, isThread } = useConversation()
  const { allowed, react, reply, openThread, items } = useMessageActions(message)
  return (
    <div class="message-toolbar" role="toolbar" aria-label={`Actions for the message of ${author}`}>
      {allowed.react && (
        <Popover label="React" panelLabel="React" testId="message-react" trigger={<Icon name="smile" />}>
          {(close) => (
            <EmojiPicker
              userId={myId}
              onPick={(emoji) => {
                close()
                react(emoji)
              }}
            />
          )}
        </Popover>
      )}
      {allowed.reply && (
        <Button kind="icon" label="Reply" onPress={reply} testId="message-reply">
          <Icon name="reply" />
        </Button>
      )}
      {!isThread && (
        <Button kind="icon" label="Open the thread" onPress={openThread} testId="message-thread">
          <Icon name="thread" />
        </Button>
      )}
      <Menu label={`More for the message of ${author}`} items={items()} testId="message-more" />
    </div>
  )
}
