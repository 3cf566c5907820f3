import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { RoomItem } from './room-item.tsx'

interface RoomRowsProps {
  openRoomId: string | null
  onFindOpen: () => void
}

export function RoomRows({ openRoomId, onFindOpen }: RoomRowsProps) {
  const workspace = useWorkspace()
  const { status, rooms, muted, nextCursor, more } = useStore(workspace.rooms.state)
  const marks = useStore(workspace.marks)

  if (status === 'loading') return <SkeletonRows count={6} label="Loading conversations" />
  if (status === 'failed') {
    return (
      <Notice title="Conversations could not be loaded" isAlert testId="rooms-failed">
        <p>{navigator.onLine ? 'Something is in the way. It may be over in a moment.' : 'You are offline.'}</p>
        <Button onPress={() => void workspace.rooms.load()}>Try again</Button>
      </Notice>
    )
  }
  if (rooms.length === 0) {
    return (
      <Notice title="No conversations yet" testId="no-rooms">
        <p>Find somebody by name above and say hello, or see which groups are open to everybody.</p>
        <Button onPress={onFindOpen}>Browse open groups</Button>
      </Notice>
    )
  }
  return (
    <>
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomItem
              room={room}
              isOpen={room.id === openRoomId}
              isMuted={muted.has(room.id)}
              mark={marks[room.id] ?? null}
            />
          </li>
        ))}
      </ul>
      {nextCursor && <Older state={more} onWanted={() => void workspace.rooms.loadMore()} />}
    </>
  )
}

/** Loads what is older when it comes into sight; where that failed, only when asked. */
function Older({ state, onWanted }: { state: 'idle' | 'loading' | 'failed'; onWanted: () => void }) {
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!end.current || state !== 'idle') return
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onWanted(), { rootMargin: '200px' })
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [state])
  return (
    <div class="side-older" ref={end} role="status">
      {state === 'failed' ? (
        <Button kind="text" onPress={onWanted}>
          Older ones could not be loaded. Try again
        </Button>
      ) : (
        <span class="visually-hidden">Loading older conversations</span>
      )}
    </div>
  )
}
