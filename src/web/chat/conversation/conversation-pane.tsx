import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { HOME, navigate, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { BubbleSkeleton } from './bubble-skeleton.tsx'
import { isComposerFocused } from './composer-focus.ts'
import type { ConversationState } from './conversation.ts'
import { ConversationContent } from './conversation-content.tsx'
import { ConversationHead } from './conversation-head.tsx'
import { type Query, seqToJumpTo } from './jump.ts'

/** One room: what is said in it, and what stands beside that. */
export function ConversationPane({ roomId }: { roomId: string }) {
  const workspace = useWorkspace()
  const conversation = workspace.conversation(roomId)
  const { status, room } = useStore(conversation.state)
  const { query } = useStore(route)
  const known = useStore(workspace.rooms.state).rooms.find(({ id }) => id === roomId)
  const heading = useRef<HTMLHeadingElement>(null)
  const isReady = status === 'ready' && room !== null

  useEffect(() => {
    conversation.enter()
    // Where the composer is there already, it has the focus.
    if (!isComposerFocused()) heading.current?.focus()
    return () => conversation.leave()
  }, [conversation])

  const before = useRef<Query | null>(null)
  useEffect(() => {
    const seq = isReady ? seqToJumpTo(before.current, query) : null
    before.current = isReady ? query : null
    if (seq !== null) void conversation.jumpTo(seq)
  }, [conversation, isReady, query])

  return (
    <section class="conversation" aria-label="Conversation" data-testid="conversation" data-status={status}>
      <ConversationHead conversation={conversation} known={known} room={room} isReady={isReady} heading={heading} />
      {isReady ? (
        <ConversationContent conversation={conversation} room={room} />
      ) : (
        <NotReady status={status} onRetry={conversation.reload} />
      )}
    </section>
  )
}

function NotReady({ status, onRetry }: { status: ConversationState['status']; onRetry: () => void }) {
  const toList = <Button onPress={() => navigate(HOME)}>To your conversations</Button>
  switch (status) {
    case 'failed':
      return (
        <Notice title="This conversation could not be loaded" isAlert testId="room-failed">
          <p>Nothing is lost. Check your connection and try again.</p>
          <Button kind="primary" onPress={onRetry}>
            Try again
          </Button>
        </Notice>
      )
    case 'missing':
      return (
        <Notice title="There is no such conversation" isAlert testId="room-missing">
          <p>It does not exist, or you are not one of its members.</p>
          {toList}
        </Notice>
      )
    case 'removed':
      return (
        <Notice title="You are no longer in this conversation" isAlert testId="room-removed">
          <p>You have left it, perhaps on another device, or a moderator has removed you.</p>
          {toList}
        </Notice>
      )
    default:
      return <BubbleSkeleton count={7} label="Loading messages" />
  }
}
