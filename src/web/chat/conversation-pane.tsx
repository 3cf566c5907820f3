import { useEffect, useRef } from 'preact/hooks'
import type { RoomWithMembers } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { roomSwatchId, roomTitle } from '../names.ts'
import { HOME, navigate } from '../route.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { Composer, isComposerFocused } from './composer.tsx'
import { MessageList } from './message-list.tsx'

export function ConversationPane({ roomId }: { roomId: string }) {
  const workspace = useWorkspace()
  const conversation = workspace.conversation(roomId)
  const { status, room } = useStore(conversation.state)
  const listed = useStore(workspace.rooms.state).rooms.find(({ id }) => id === roomId)
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    conversation.enter()
    // Where the composer is there already, it has the focus.
    if (!isComposerFocused()) heading.current?.focus()
    return () => conversation.leave()
  }, [conversation])

  const known = room ?? listed
  return (
    <section class="conversation" aria-label="Conversation" data-testid="conversation" data-status={status}>
      <header class="conversation-head">
        <Button kind="icon" class="conversation-back" label="Back to conversations" onPress={() => navigate(HOME)}>
          <Icon name="back" />
        </Button>
        {known && <Avatar id={roomSwatchId(known)} name={roomTitle(known)} />}
        <div>
          {/* Focus starts here, so that a screen reader says where the person is. */}
          <h1 ref={heading} tabIndex={-1}>
            {known ? roomTitle(known) : 'Conversation'}
          </h1>
          {known && (
            <p class="conversation-about">
              {known.peer ? `@${known.peer.username}` : room ? membersOf(room, workspace.user.id) : 'Group'}
            </p>
          )}
        </div>
      </header>
      {status === 'loading' && <SkeletonRows count={4} label="Loading messages" />}
      {status === 'failed' && (
        <Notice title="This conversation could not be loaded" isAlert>
          <Button onPress={() => conversation.reload()}>Try again</Button>
        </Notice>
      )}
      {status === 'missing' && (
        <Notice title="There is no such conversation" isAlert testId="room-missing">
          <p>It does not exist, or you are not one of its members.</p>
          <Button onPress={() => navigate(HOME)}>To your conversations</Button>
        </Notice>
      )}
      {status === 'ready' && (
        <>
          <MessageList conversation={conversation} />
          <Composer conversation={conversation} />
        </>
      )}
    </section>
  )
}

function membersOf({ members }: RoomWithMembers, myId: string): string {
  const others = members.filter(({ id }) => id !== myId).map(({ username }) => username)
  return [...others, 'you'].join(', ')
}
