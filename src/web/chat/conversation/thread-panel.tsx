import { useEffect, useMemo } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { BubbleSkeleton } from './bubble-skeleton.tsx'
import { withChanges } from './changes.ts'
import { Composer } from './composer.tsx'
import { focusComposer, THREAD_COMPOSER } from './composer-focus.ts'
import { ConversationContext, useConversation } from './conversation-context.ts'
import { MessageFeed } from './message-feed.tsx'
import { rowsOf } from './message-rows.ts'
import { SidePanel } from './side-panel.tsx'
import { openThread } from './thread-store.ts'
import { usePendingOf } from './use-pending.ts'
import { useScrollPlace } from './use-scroll-place.ts'

export function ThreadPanel({ rootId, onClose }: { rootId: string; onClose: () => void }) {
  const { client } = useWorkspace()
  const view = useConversation()
  const { conversation, myId } = view
  const thread = useMemo(
    () => openThread({ client, roomId: conversation.roomId, rootId, myId }),
    [client, conversation, rootId, myId],
  )
  useEffect(() => {
    void thread.load()
    return conversation.listen(thread.hear)
  }, [thread, conversation])
  const inThread = useMemo(
    () => ({ ...view, draft: conversation.threadDraft(rootId), composerId: THREAD_COMPOSER, isThread: true }),
    [view, rootId],
  )
  return (
    <SidePanel title="Thread" onClose={onClose} testId="thread-panel">
      <ConversationContext.Provider value={inThread}>
        <ThreadContent key={rootId} thread={thread} rootId={rootId} />
      </ConversationContext.Provider>
    </SidePanel>
  )
}

function ThreadContent({ thread, rootId }: { thread: ReturnType<typeof openThread>; rootId: string }) {
  const { conversation, myId } = useConversation()
  const { status, problem, root, history, nextCursor, isLoadingMore } = useStore(thread.state)
  const { changes } = useStore(conversation.state)
  const pending = usePendingOf(conversation.roomId, rootId)
  const answers = useMemo(() => withChanges(history.live.messages, changes), [history, changes])
  const first = useMemo(() => (root ? withChanges([root], changes) : []), [root, changes])
  const rootRows = useMemo(() => rowsOf({ messages: first, pending: [], myId }), [first, myId])
  const rows = useMemo(() => {
    const days = new Set(rootRows.map(({ key }) => key))
    // The day of what it began with is said above it.
    return rowsOf({ messages: answers, pending, myId }).filter(({ kind, key }) => kind !== 'day' || !days.has(key))
  }, [answers, pending, myId, rootRows])
  const allRows = useMemo(() => [...rootRows, ...rows], [rootRows, rows])
  const { frame } = useScrollPlace({
    rows: allRows,
    pendingCount: pending.length,
    isPast: false,
    target: null,
    onAtEnd: () => {},
  })
  const toComposer = () => focusComposer(THREAD_COMPOSER)

  if (status === 'loading') return <BubbleSkeleton count={3} label="Loading the thread" />
  if (status === 'failed') {
    return (
      <Notice title="The thread could not be loaded" isAlert>
        <p>{problem}</p>
        <Button onPress={() => void thread.load()}>Try again</Button>
      </Notice>
    )
  }
  const anchor = root ?? answers[0]
  return (
    <>
      <div class="messages thread-messages" ref={frame}>
        <div class="messages-content">
          {root ? (
            <MessageFeed
              rows={rootRows}
              isBusy={false}
              targetSeq={null}
              label="What the thread began with"
              onEscape={toComposer}
            />
          ) : (
            <p class="thread-gone">The message that this began with was deleted.</p>
          )}
          <p class="thread-count" data-testid="thread-count">
            {answers.length === 0 && pending.length === 0 ? 'No answers yet' : 'Answers'}
          </p>
          <MessageFeed rows={rows} isBusy={isLoadingMore} targetSeq={null} label="Answers" onEscape={toComposer} />
          {nextCursor && (
            <Button kind="text" isBusy={isLoadingMore} onPress={() => void thread.loadMore()} testId="thread-more">
              Load more answers
            </Button>
          )}
        </div>
      </div>
      {anchor && (
        <Composer
          placeholder="Answer in the thread"
          answers={anchor}
          takesFocus
          lastOwn={() => answers.findLast(({ sender }) => sender.id === myId)}
        />
      )}
    </>
  )
}
