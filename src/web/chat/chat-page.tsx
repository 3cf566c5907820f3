import { useEffect } from 'preact/hooks'
import { AccountMenu } from '../account/account-menu.tsx'
import { VerifyBanner } from '../account/verify-banner.tsx'
import { Word } from '../components/mark.tsx'
import { Notice } from '../components/notice.tsx'
import { roomTitle } from '../names.ts'
import { Bell } from '../notifications/bell.tsx'
import { PersonCard } from '../people/person-card.tsx'
import { route } from '../route.ts'
import { useTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { ConversationPane } from './conversation/conversation-pane.tsx'
import { Sidebar } from './rooms/sidebar.tsx'

export function ChatPage() {
  const { rooms } = useWorkspace()
  const { room: roomId = null } = useStore(route).query
  const listed = useStore(rooms.state).rooms.find(({ id }) => id === roomId)
  useTitle(roomId ? (listed ? roomTitle(listed) : 'Conversation') : '')

  useEffect(() => {
    rooms.look(roomId)
    return () => rooms.look(null)
  }, [roomId, rooms])

  return (
    <main class="shell" data-pane={roomId ? 'room' : 'list'}>
      <ConnectionBanner />
      <section class="side" aria-label="Conversations and people">
        <div class="side-top">
          <header class="side-head">
            <Word />
            <Bell />
            <AccountMenu />
          </header>
          <VerifyBanner />
        </div>
        <Sidebar openRoomId={roomId} />
      </section>
      <div class="pane">
        {roomId ? (
          <ConversationPane key={roomId} roomId={roomId} />
        ) : (
          <Notice title="Pick up a thread" withMark>
            <p>Choose a conversation, or find somebody by name to start one.</p>
          </Notice>
        )}
      </div>
      <PersonCard />
    </main>
  )
}
