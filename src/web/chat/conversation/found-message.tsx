import type { ComponentChildren } from 'preact'
import type { Message } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { HIDDEN_WORDS, isHidden } from '../../people/blocks-store.ts'
import { useStore } from '../../store.ts'
import { fullTime, listTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'

interface FoundMessageProps {
  message: Message
  onPick: () => void
  testId: string
  /** What can be done with it here. */
  actions?: ComponentChildren
  children: ComponentChildren
}

/** A message in a list beside the conversation; a press leads to it. */
export function FoundMessage({ message, onPick, testId, actions, children }: FoundMessageProps) {
  const { blocks } = useWorkspace()
  const { room, nameOf, myId } = useConversation()
  const blocked = useStore(blocks.state)
  const author = message.sender.id === myId ? 'You' : nameOf(message.sender.id)
  return (
    <li class="found">
      <button type="button" class="row found-row" onClick={onPick} data-testid={testId} data-seq={message.seq}>
        <Avatar id={message.sender.id} name={nameOf(message.sender.id)} small />
        <span class="found-main">
          <span class="found-head">
            <span class="row-name">{author}</span>
            <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
              {listTime(message.createdAt)}
            </time>
          </span>
          <span class="found-text">{isHidden(blocked, room, message.sender.id) ? HIDDEN_WORDS : children}</span>
        </span>
      </button>
      {actions}
    </li>
  )
}
