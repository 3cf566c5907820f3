import { Button } from '../../components/button.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { focusComposer } from './composer-focus.ts'
import { useConversation } from './conversation-context.ts'
import type { Pending } from './outbox.ts'

/** What becomes of a message of mine that is not confirmed. */
export function PendingState({ pending }: { pending: Pending }) {
  const { connection } = useWorkspace()
  const { conversation, composerId } = useConversation()
  const { room } = useStore(connection)
  const then = (act: (clientMessageId: string) => void) => {
    // The pressed button goes away: without a new place the focus would be lost.
    focusComposer(composerId)
    act(pending.clientMessageId)
  }
  if (pending.state === 'sending') {
    return (
      <p class="message-state message-state-sending" data-waiting={room === 'reconnecting' || undefined}>
        {room === 'reconnecting' ? 'Waiting for the connection' : 'Sending'}
      </p>
    )
  }
  return (
    <div class="message-state" role="alert">
      <span class="message-state-failed">Not sent{pending.problem ? `: ${pending.problem}` : ''}</span>
      <Button kind="text" onPress={() => then(conversation.retry)} testId="message-retry">
        Try again
      </Button>
      <Button kind="text" onPress={() => then(conversation.discard)} testId="message-discard">
        Discard
      </Button>
    </div>
  )
}
