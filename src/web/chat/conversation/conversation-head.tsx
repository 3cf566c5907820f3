import type { RefObject } from 'preact'
import type { Room } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { roomSwatchId, roomTitle } from '../../names.ts'
import { HOME, hrefWith, navigate, type RoomPanel, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import type { Conversation } from './conversation.ts'
import type { RoomView } from './room-changes.ts'

interface ConversationHeadProps {
  conversation: Conversation
  /** What the list of rooms knows, until the room itself is there. */
  known: Room | undefined
  room: RoomView | null
  /** Whether there is something to look at and search in. */
  isReady: boolean
  heading: RefObject<HTMLHeadingElement | null>
}

export function ConversationHead({ conversation, known, room, isReady, heading }: ConversationHeadProps) {
  const shown = room ?? known
  return (
    <header class="conversation-head">
      <Button kind="icon" class="conversation-back" label="Back to conversations" onPress={() => navigate(HOME)}>
        <Icon name="back" />
      </Button>
      {shown && <PresenceAvatar conversation={conversation} room={shown} />}
      <div class="conversation-title">
        {/* Focus starts here, so that a screen reader says where the person is. */}
        <h1 ref={heading} tabIndex={-1}>
          {shown ? roomTitle(shown) : 'Conversation'}
        </h1>
        {shown && <About conversation={conversation} room={room} known={shown} />}
      </div>
      {isReady && (
        <div class="conversation-tools">
          <PanelButton panel="search" label="Search this conversation" icon="search" />
          <PanelButton panel="pins" label="Pinned messages" icon="pin" />
          <PanelButton
            panel="members"
            label={shown?.type === 'group' ? 'Members and settings' : 'About this conversation'}
            icon="info"
          />
        </div>
      )}
    </header>
  )
}

function PresenceAvatar({ conversation, room }: { conversation: Conversation; room: Room }) {
  const { online } = useStore(conversation.people)
  const isOnline = room.peer !== null && (online?.has(room.peer.id) ?? false)
  return (
    <span class="presence-frame" data-online={isOnline} data-testid="presence">
      <Avatar id={roomSwatchId(room)} name={roomTitle(room)} />
    </span>
  )
}

function About({ conversation, room, known }: { conversation: Conversation; room: RoomView | null; known: Room }) {
  const { user } = useWorkspace()
  const { online, onlineCount } = useStore(conversation.people)
  const { peer } = known
  if (peer) {
    return (
      <p class="conversation-about" data-testid="conversation-about">
        @{peer.username}
        {online?.has(peer.id) && <span class="conversation-online"> · here now</span>}
      </p>
    )
  }
  const others = Math.max(0, onlineCount - (online?.has(user.id) ? 1 : 0))
  const count = (room ?? known).memberCount
  return (
    <p class="conversation-about" data-testid="conversation-about">
      {count === 1 ? 'Only you' : `${count} members`}
      {others > 0 && <span class="conversation-online"> · {others} here now</span>}
      {known.topic && <span> · {known.topic}</span>}
    </p>
  )
}

function PanelButton({ panel, label, icon }: { panel: RoomPanel; label: string; icon: IconName }) {
  const { query } = useStore(route)
  const isOpen = query.panel === panel
  return (
    <button
      type="button"
      class="button button-icon"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      data-testid={`open-${panel}`}
      onClick={() =>
        isOpen ? replace(hrefWith({ panel: null })) : navigate(hrefWith({ panel, thread: null, message: null }))
      }
    >
      <Icon name={icon} />
    </button>
  )
}
