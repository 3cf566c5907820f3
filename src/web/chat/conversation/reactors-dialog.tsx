import type { Message } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { usePages } from '../../components/use-pages.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'

/** Who has reacted to a message, and how. */
export function ReactorsDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { client } = useWorkspace()
  const { room, myId, nameOf } = useConversation()
  const { status, items, problem, hasMore, loadMore, isLoadingMore, reload } = usePages(
    (cursor, signal) => client.messages.reactors(room.id, message.id, { cursor }, { signal }),
    [message.id],
  )
  return (
    <Dialog title="Who reacted" onClose={onClose} size="s" testId="reactors">
      {status === 'loading' && <SkeletonRows count={3} label="Loading who reacted" />}
      {status === 'failed' && <ErrorState problem={problem} onRetry={reload} />}
      <ul class="reactors">
        {items.map(({ userId, username, emoji }) => (
          <li key={`${userId}${emoji}`}>
            <Avatar id={userId} name={nameOf(userId, username)} small />
            <span>{userId === myId ? 'You' : nameOf(userId, username)}</span>
            <span class="reactors-emoji">{emoji}</span>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button kind="text" isBusy={isLoadingMore} onPress={loadMore}>
          Show more
        </Button>
      )}
    </Dialog>
  )
}
