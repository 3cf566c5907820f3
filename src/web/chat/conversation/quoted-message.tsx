import type { Message } from '../../../client/index.ts'
import { useConversation } from './conversation-context.ts'
import { useInnerTabIndex } from './tab-stop.ts'

/** What a message answers; a press leads there. */
export function QuotedMessage({ replyTo }: { replyTo: NonNullable<Message['replyTo']> }) {
  const { conversation, nameOf, myId } = useConversation()
  const name = replyTo.senderId === myId ? 'You' : nameOf(replyTo.senderId)
  const isGone = replyTo.content === null
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
      <span class="quote-text">{isGone ? 'This message was deleted' : replyTo.content}</span>
    </button>
  )
}
