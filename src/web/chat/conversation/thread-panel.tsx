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
import { type Row, rowsOf } from './message-rows.ts'
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
  const { status, problem, root, history, isLoadingMore } = useStore(thread.state)
  const { changes } = useStore(conversation.state)
  const pending = usePendingOf(conversation.roomId, rootId)
  const hasGap = history.past !== null
  const loaded = useMemo(() => withChanges(history.past?.messages ?? [], changes), [history, changes])
  const newest = useMemo(() => withChanges(history.live.messages, changes), [history, changes])
  const first = useMemo(() => (root ? withChanges([root], changes) : []), [root, changes])
  const rootRows = useMemo(() => rowsOf({ messages: first, pending: [], myId }), [first, myId])
  const loadedRows = useMemo(
    () => withoutDaysOf(rootRows, rowsOf({ messages: loaded, pending: [], myId })),
    [loaded, myId, rootRows],
  )
  const newestRows = useMemo(
    () => withoutDaysOf([...rootRows, ...loadedRows], rowsOf({ messages: newest, pending, myId })),
    [newest, pending, myId, rootRows, loadedRows],
  )
  const allRows = useMemo(() => [...rootRows, ...loadedRows, ...newestRows], [rootRows, loadedRows, newestRows])
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
  const anchor = root ?? loaded[0] ?? newest[0]
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
            {loadedRows.length + newestRows.length === 0 ? 'No answers yet' : 'Answers'}
          </p>
          {hasGap && (
            <>
              <MessageFeed
                rows={loadedRows}
                isBusy={isLoadingMore}
                targetSeq={null}
                label="Answers"
                onEscape={toComposer}
              />
              <Button kind="text" isBusy={isLoadingMore} onPress={() => void thread.loadMore()} testId="thread-more">
                Load more answers
              </Button>
            </>
          )}
          <MessageFeed
            rows={newestRows}
            isBusy={isLoadingMore}
            targetSeq={null}
            label={hasGap ? 'The newest answers' : 'Answers'}
            onEscape={toComposer}
          />
        </div>
      </div>
      {anchor && (
        <Composer
          placeholder="Answer in the thread"
          answers={anchor}
          takesFocus
          lastOwn={() => [...loaded, ...newest].findLast(({ sender }) => sender.id === myId)}
        />
      )}
    </>
  )
}

/** A day that is said above is not said again. */
function withoutDaysOf(above: Row[], rows: Row[]): Row[] {
  const days = new Set(above.map(({ key }) => key))
  return rows.filter(({ kind, key }) => kind !== 'day' || !days.has(key))
}
