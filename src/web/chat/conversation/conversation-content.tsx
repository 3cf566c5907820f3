import { useCallback, useMemo, useState } from 'preact/hooks'
import { fullName } from '../../names.ts'
import { hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { isDetailsTab, RoomPanel } from '../rooms/room-panel.tsx'
import { withChanges } from './changes.ts'
import { Composer } from './composer.tsx'
import { ROOM_COMPOSER } from './composer-focus.ts'
import type { Conversation } from './conversation.ts'
import { ConversationContext, type ConversationView, type MessageDialog } from './conversation-context.ts'
import { shownStretch } from './history.ts'
import { MessageDialogs } from './message-dialogs.tsx'
import { MessageList } from './message-list.tsx'
import { PinsPanel } from './pins-panel.tsx'
import type { RoomView } from './room-changes.ts'
import { SearchPanel } from './search-panel.tsx'
import { ThreadPanel } from './thread-panel.tsx'
import { TypingLine } from './typing-line.tsx'
import { useSilence } from './use-silence.ts'

/** The messages, what is written, and the panel beside them. */
export function ConversationContent({ conversation, room }: { conversation: Conversation; room: RoomView }) {
  const { user } = useWorkspace()
  const { query } = useStore(route)
  const silence = useSilence(conversation, room)
  const [dialog, setDialog] = useState<MessageDialog | null>(null)
  const names = useMemo(() => namesOf(room), [room])
  const view: ConversationView = useMemo(
    () => ({
      conversation,
      room,
      myId: user.id,
      draft: conversation.draft,
      composerId: ROOM_COMPOSER,
      isThread: false,
      silence,
      nameOf: (userId, username) => names.get(userId) ?? conversation.authorName(userId) ?? username ?? 'Somebody',
      ask: setDialog,
    }),
    [conversation, room, user.id, silence, names],
  )
  const closePanel = useCallback(() => replace(hrefWith({ panel: null, thread: null })), [])
  const jump = (seq: number) => {
    // Over a conversation the panel is in the way of what it leads to.
    if (!matchMedia('(min-width: 64rem)').matches) closePanel()
    requestAnimationFrame(() => void conversation.jumpTo(seq))
  }
  const lastOwn = () => {
    const { history, changes } = conversation.state.value
    return withChanges(shownStretch(history).messages, changes).findLast(({ sender }) => sender.id === user.id)
  }

  return (
    <ConversationContext.Provider value={view}>
      <div class="conversation-main">
        <MessageList />
        <TypingLine />
        <Composer placeholder="Write a message" takesFocus lastOwn={lastOwn} />
      </div>
      {isDetailsTab(query.panel) && <RoomPanel roomId={room.id} tab={query.panel} onClose={closePanel} />}
      {query.panel === 'pins' && <PinsPanel onClose={closePanel} onJump={jump} />}
      {query.panel === 'search' && <SearchPanel onClose={closePanel} onJump={jump} />}
      {query.panel === 'thread' && query.thread && (
        <ThreadPanel key={query.thread} rootId={query.thread} onClose={closePanel} />
      )}
      {dialog && <MessageDialogs dialog={dialog} onClose={() => setDialog(null)} />}
    </ConversationContext.Provider>
  )
}

function namesOf({ peer, members }: RoomView): ReadonlyMap<string, string> {
  const names = new Map(members.map(({ id, username }) => [id, username]))
  if (peer) names.set(peer.id, fullName(peer))
  return names
}
