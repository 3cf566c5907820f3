import { useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { HIDDEN_WORDS, isHidden } from '../../people/blocks-store.ts'
import { PersonButton } from '../../people/person-button.tsx'
import { useStore } from '../../store.ts'
import { clockTime, fullTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { memo } from './memo.ts'
import { MessageFrame } from './message-frame.tsx'
import { isPending } from './message-rows.ts'
import { MessageText } from './message-text.tsx'
import type { Pending } from './outbox.ts'
import { PendingState } from './pending-state.tsx'
import { QuotedMessage } from './quoted-message.tsx'
import { Reactions } from './reactions.tsx'
import { useInnerTabIndex } from './tab-stop.ts'
import { useMessageActions } from './use-message-actions.ts'

export interface MessageRowProps {
  rowKey: string
  entry: Message | Pending
  isFirst: boolean
  isLast: boolean
  /** The one message that Tab stops at. */
  isTabStop: boolean
  /** It was jumped to. */
  isTarget: boolean
}

export const MessageRow = memo(function MessageRow({
  rowKey,
  entry,
  isFirst,
  isLast,
  isTabStop,
  isTarget,
}: MessageRowProps) {
  const { user, blocks } = useWorkspace()
  const { room, nameOf, myId, isThread } = useConversation()
  const blocked = useStore(blocks.state)
  const [isUnfolded, setUnfolded] = useState(false)
  const pending = isPending(entry) ? entry : null
  const message = isPending(entry) ? null : entry
  const senderId = message?.sender.id ?? myId
  const isOwn = senderId === myId
  const author = isOwn ? 'You' : nameOf(senderId)
  const isFolded = !isOwn && !isUnfolded && isHidden(blocked, room, senderId)
  const id = `message-${rowKey}`
  const usernames = message
    ? new Set(message.mentions.map(({ username }) => username.toLowerCase()))
    : new Set(room.members.map(({ username }) => username.toLowerCase()))

  return (
    <MessageFrame
      message={isFolded ? null : message}
      author={author}
      frame={{
        id,
        'data-key': rowKey,
        'data-testid': 'message',
        'data-message-id': message?.id,
        'data-client-id': entry.clientMessageId ?? undefined,
        'data-state': pending?.state ?? 'sent',
        'data-seq': message?.seq,
        'data-own': isOwn,
        'data-first': isFirst,
        'data-last': isLast,
        'data-target': isTarget || undefined,
        'data-called': message?.mentions.some((it) => it.id === myId) || undefined,
        tabIndex: isTabStop ? 0 : -1,
        'aria-labelledby': `${id}-by ${id}-text`,
      }}
    >
      {!isOwn &&
        (isLast ? <Sender id={senderId} username={message?.sender.username ?? author} name={author} /> : <span />)}
      <div class="message-body">
        <span class={room.type === 'group' && !isOwn && isFirst ? 'message-by' : 'visually-hidden'} id={`${id}-by`}>
          {author}
        </span>
        {isFolded ? (
          <div class="bubble bubble-folded" id={`${id}-text`} data-testid="message-folded">
            {HIDDEN_WORDS}.{' '}
            <Button kind="text" onPress={() => setUnfolded(true)}>
              Show
            </Button>
          </div>
        ) : (
          <>
            <div class="bubble">
              {entry.replyTo && !(isThread && entry.replyTo.id === entry.threadId) && (
                <QuotedMessage replyTo={entry.replyTo} />
              )}
              <span id={`${id}-text`}>
                <MessageText text={entry.content} usernames={usernames} myUsername={user.username} />
              </span>
              <span class="message-meta">
                {message?.isPinned && (
                  <span class="message-pinned" title="Pinned">
                    <Icon name="pin" />
                    <span class="visually-hidden">Pinned</span>
                  </span>
                )}
                {message?.isEdited && (
                  <span
                    title={message.editedAt ? `Edited ${fullTime(message.editedAt)}` : undefined}
                    data-testid="edited"
                  >
                    edited
                  </span>
                )}
                <time dateTime={entry.createdAt} title={fullTime(entry.createdAt)}>
                  {clockTime(entry.createdAt)}
                </time>
              </span>
            </div>
            {message && <Reactions message={message} />}
            {message && <ThreadLink message={message} />}
          </>
        )}
        {pending && <PendingState pending={pending} />}
      </div>
    </MessageFrame>
  )
})

function Sender({ id, username, name }: { id: string; username: string; name: string }) {
  const tabIndex = useInnerTabIndex()
  const person = { id, username, ...(name === username ? {} : { firstName: name }) }
  return <PersonButton person={person} small {...(tabIndex === undefined ? {} : { tabIndex })} />
}

function ThreadLink({ message }: { message: Message }) {
  const { isThread } = useConversation()
  const { openThread } = useMessageActions(message)
  const tabIndex = useInnerTabIndex()
  if (message.replyCount === 0 || isThread) return null
  return (
    <button type="button" class="thread-link" tabIndex={tabIndex} onClick={openThread} data-testid="thread-link">
      <Icon name="thread" />
      {message.replyCount === 1 ? 'One answer' : `${message.replyCount} answers`}
    </button>
  )
}
