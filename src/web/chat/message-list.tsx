import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { Spinner } from '../components/spinner.tsx'
import { useStore } from '../store.ts'
import { dayTitle } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import type { Conversation } from './conversation-store.ts'
import { rowsOf } from './message-order.ts'
import { MessageRow } from './message-row.tsx'
import { useScrollPlace } from './use-scroll-place.ts'

const LOAD_AHEAD_PX = 400

export function MessageList({ conversation }: { conversation: Conversation }) {
  const { user } = useWorkspace()
  const { room, messages, pending, older, olderCursor } = useStore(conversation.state)
  const rows = useMemo(() => rowsOf(messages, pending, user.id), [messages, pending, user.id])
  const { frame, hasNews, toNewest } = useScrollPlace(messages, pending.length)
  const top = useRef<HTMLLIElement>(null)

  useEffect(() => {
    if (!top.current || !olderCursor || older !== 'idle') return
    const nearTop = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting) void conversation.loadOlder()
      },
      { root: frame.current, rootMargin: `${LOAD_AHEAD_PX}px 0px 0px` },
    )
    nearTop.observe(top.current)
    return () => nearTop.disconnect()
  }, [conversation, olderCursor, older, frame])

  return (
    <div class="messages-frame">
      {/* It scrolls, so the keyboard must reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region without focusable content */}
      <div class="messages" ref={frame} role="log" aria-label="Messages" aria-busy={older === 'loading'} tabIndex={0}>
        <ol>
          <li class={`messages-older ${olderCursor ? '' : 'messages-beginning'}`} ref={top}>
            {older === 'loading' && (
              <>
                <Spinner /> Loading earlier messages
              </>
            )}
            {older !== 'loading' && olderCursor && (
              <Button kind="text" onPress={() => void conversation.loadOlder()} testId="load-older">
                {older === 'failed' ? 'Earlier messages did not load. Try again' : 'Load earlier messages'}
              </Button>
            )}
            {!olderCursor && (rows.length > 0 ? 'The beginning of the conversation' : 'Nothing here yet. Say hello.')}
          </li>
          {rows.map((row) =>
            row.kind === 'day' ? (
              <li class="day" key={row.key}>
                {dayTitle(row.at)}
              </li>
            ) : (
              <MessageRow key={row.key} row={row} conversation={conversation} room={room} />
            ),
          )}
        </ol>
      </div>
      {hasNews && (
        <Button kind="primary" class="messages-jump" onPress={toNewest} testId="jump-to-newest">
          <Icon name="down" />
          New messages
        </Button>
      )}
    </div>
  )
}
