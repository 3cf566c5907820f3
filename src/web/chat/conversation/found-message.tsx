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
  const { id, username } = message.sender
  const name = nameOf(id, username)
  return (
    <li class="found">
      <button type="button" class="row found-row" onClick={onPick} data-testid={testId} data-seq={message.seq}>
        <Avatar id={id} name={name} small />
        <span class="found-main">
          <span class="found-head">
            <span class="row-name">{id === myId ? 'You' : name}</span>
            <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
              {listTime(message.createdAt)}
            </time>
          </span>
          <span class="found-text">{isHidden(blocked, room, id) ? HIDDEN_WORDS : children}</span>
        </span>
      </button>
      {actions}
    </li>
  )
}
