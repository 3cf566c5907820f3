import { useEffect, useMemo } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { useStore } from '../../store.ts'
import { Announcer } from './announcer.tsx'
import { withChanges } from './changes.ts'
import { focusComposer, ROOM_COMPOSER } from './composer-focus.ts'
import { useConversation } from './conversation-context.ts'
import { shownStretch } from './history.ts'
import { HistoryEdge } from './history-edge.tsx'
import { MessageFeed } from './message-feed.tsx'
import { rowsOf } from './message-rows.ts'
import { ReadLine } from './read-line.tsx'
import { usePendingOf } from './use-pending.ts'
import { useScrollPlace } from './use-scroll-place.ts'

const isLookedAt = () => document.visibilityState === 'visible' && document.hasFocus()

export function MessageList() {
  const { conversation, myId } = useConversation()
  const { history, changes, older, newer, seenUpTo, target } = useStore(conversation.state)
  const pending = usePendingOf(conversation.roomId)
  const stretch = shownStretch(history)
  const isPast = history.past !== null
  const messages = useMemo(() => withChanges(stretch.messages, changes), [stretch.messages, changes])
  const rows = useMemo(
    () => rowsOf({ messages, pending: isPast ? [] : pending, myId, seenUpTo }),
    [messages, pending, isPast, myId, seenUpTo],
  )
  const { frame, hasNews, isAway, toEnd } = useScrollPlace({
    rows,
    pendingCount: pending.length,
    isPast,
    target,
    onAtEnd: conversation.seen,
    onAway: conversation.away,
  })
  const isEmpty = rows.length === 0

  useEffect(() => {
    const look = () => {
      conversation.watch(isLookedAt())
      conversation.hide(document.visibilityState === 'hidden')
      const element = frame.current
      const isAtEnd = element && element.scrollHeight - element.scrollTop - element.clientHeight < 60
      if (isAtEnd && conversation.state.value.history.past === null) conversation.seen()
    }
    look()
    addEventListener('focus', look)
    addEventListener('blur', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      removeEventListener('focus', look)
      removeEventListener('blur', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [conversation])

  return (
    <div class="messages-frame">
      {/* Its messages take the focus; without any, there is nothing to scroll. */}
      <div class="messages" ref={frame} data-testid="messages">
        <div class="messages-content">
          <HistoryEdge
            side="older"
            state={older}
            hasMore={stretch.hasOlder}
            load={conversation.loadOlder}
            frame={frame}
            end={isEmpty ? 'Nothing here yet. Say hello.' : 'The beginning of the conversation'}
          />
          <MessageFeed
            rows={rows}
            isBusy={older === 'loading' || newer === 'loading'}
            targetSeq={target?.seq ?? null}
            onEscape={() => focusComposer(ROOM_COMPOSER)}
          />
          {isPast && (
            <HistoryEdge side="newer" state={newer} hasMore load={conversation.loadNewer} frame={frame} end="" />
          )}
          {!isPast && pending.length === 0 && <ReadLine messages={messages} />}
        </div>
      </div>
      {(isAway || isPast) && !isEmpty && (
        <Button
          kind={hasNews ? 'primary' : 'plain'}
          class="messages-jump"
          onPress={() => {
            conversation.toNewest()
            // The button goes away: the focus goes where the reading goes on.
            requestAnimationFrame(() => {
              toEnd()
              focusComposer(ROOM_COMPOSER)
            })
          }}
          testId="jump-to-newest"
        >
          <Icon name="down" />
          {hasNews ? 'New messages' : 'To the newest'}
        </Button>
      )}
      <Announcer messages={history.live.messages} />
    </div>
  )
}
