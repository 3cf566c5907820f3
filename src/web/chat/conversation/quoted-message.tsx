import type { Message } from '../../../client/index.ts'
import { HIDDEN_WORDS, isHidden } from '../../people/blocks-store.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { useInnerTabIndex } from './tab-stop.ts'

/** What a message answers; a press leads there. */
export function QuotedMessage({ replyTo }: { replyTo: NonNullable<Message['replyTo']> }) {
  const { blocks } = useWorkspace()
  const { conversation, room, nameOf, myId } = useConversation()
  const blocked = useStore(blocks.state)
  const name = replyTo.senderId === myId ? 'You' : nameOf(replyTo.senderId)
  const isGone = replyTo.content === null
  const words = isHidden(blocked, room, replyTo.senderId) ? HIDDEN_WORDS : replyTo.content
  return (
    <button
      type="button"
      class="quote"
      tabIndex={useInnerTabIndex()}
      data-testid="quote"
      aria-disabled={isGone || undefined}
      onClick={() => !isGone && void conversation.jumpTo(replyTo.seq)}
    >
      <span class="quote-by">
        <span class="visually-hidden">Answer to </span>
        {name}
      </span>
      <span class="quote-text">{isGone ? 'This message was deleted' : words}</span>
    </button>
  )
}
