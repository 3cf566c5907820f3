import type { Message, RoomWithMembers } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { fullName } from '../names.ts'
import { useStore } from '../store.ts'
import { clockTime, fullTime } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { focusComposer } from './composer.tsx'
import type { Conversation } from './conversation-store.ts'
import { isPending, type Pending, type Row } from './message-order.ts'

interface MessageRowProps {
  row: Extract<Row, { kind: 'message' }>
  conversation: Conversation
  room: RoomWithMembers | null
}

export function MessageRow({ row: { entry, isFirst, isLast }, conversation, room }: MessageRowProps) {
  const { user } = useWorkspace()
  const pending = isPending(entry) ? entry : null
  const message = isPending(entry) ? null : entry
  const isOwn = !message || message.sender.id === user.id
  const author = isOwn ? 'You' : authorOf(message, room)
  return (
    <li
      class="message"
      data-testid="message"
      data-message-id={message?.id}
      data-state={pending?.state ?? 'sent'}
      data-seq={message?.seq}
      data-own={isOwn}
      data-first={isFirst}
      data-last={isLast}
    >
      {!isOwn && (isLast ? <Avatar id={message?.sender.id ?? ''} name={author} small /> : <span />)}
      <div class="message-body">
        <span class={room?.type === 'group' && !isOwn && isFirst ? 'message-by' : 'visually-hidden'}>{author}</span>
        <div class="bubble">
          <span data-testid="message-content">{entry.content}</span>
          <time dateTime={entry.createdAt} title={fullTime(entry.createdAt)}>
            {clockTime(entry.createdAt)}
          </time>
        </div>
        {pending && <PendingState pending={pending} conversation={conversation} />}
      </div>
    </li>
  )
}

function PendingState({ pending, conversation }: { pending: Pending; conversation: Conversation }) {
  const { connection } = useWorkspace()
  const { room } = useStore(connection)
  const then = (act: (clientMessageId: string) => void) => {
    // The pressed button goes away: without a new place the focus would be lost.
    focusComposer()
    act(pending.clientMessageId)
  }
  if (pending.state === 'sending') {
    return (
      <p class="message-state message-state-sending">
        {room === 'reconnecting' ? 'Waiting for the connection' : 'Sending'}
      </p>
    )
  }
  return (
    <p class="message-state" role="alert">
      <span class="message-state-failed" title={pending.problem ?? undefined}>
        Not sent
      </span>
      <Button kind="text" onPress={() => then(conversation.retry)} testId="message-retry">
        Try again
      </Button>
      <Button kind="text" onPress={() => then(conversation.discard)} testId="message-discard">
        Discard
      </Button>
    </p>
  )
}

function authorOf({ sender }: Message, room: RoomWithMembers | null): string {
  return room?.peer?.id === sender.id ? fullName(room.peer) : sender.username
}
