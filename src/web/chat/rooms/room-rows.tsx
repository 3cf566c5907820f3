import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { RoomItem } from './room-item.tsx'

export function RoomRows({ openRoomId }: { openRoomId: string | null }) {
  const workspace = useWorkspace()
  const { status, rooms, nextCursor } = useStore(workspace.rooms.state)

  if (status === 'loading') return <SkeletonRows count={5} label="Loading conversations" />
  if (status === 'failed') {
    return (
      <Notice title="Conversations could not be loaded" isAlert>
        <Button onPress={() => void workspace.rooms.load()}>Try again</Button>
      </Notice>
    )
  }
  if (rooms.length === 0) {
    return (
      <Notice title="No conversations yet" testId="no-rooms">
        <p>Find somebody by name above and say hello.</p>
      </Notice>
    )
  }
  return (
    <>
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomItem room={room} isOpen={room.id === openRoomId} unread={room.unreadCount} />
          </li>
        ))}
      </ul>
      {nextCursor && (
        <div class="messages-older">
          <Button kind="text" onPress={() => void workspace.rooms.loadMore()}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  )
}
