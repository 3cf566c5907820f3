import { useEffect, useState } from 'preact/hooks'
import type { OpenRoom } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { List, ListRow } from '../../components/list.tsx'
import { Notice } from '../../components/notice.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { usePages } from '../../components/use-pages.ts'
import { navigate, roomHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { countOf } from './search-results.tsx'
import { useJoin } from './use-join.ts'

const PAUSE_MS = 250

/** Groups that anybody may join, by the beginning of their name. */
export function OpenGroups({ onClose }: { onClose: () => void }) {
  const { client, rooms } = useWorkspace()
  const [text, setText] = useState('')
  const q = useLater(text.trim(), PAUSE_MS)
  const found = usePages(
    (cursor, signal) => client.rooms.findOpen({ ...(q ? { q } : {}), cursor, limit: 20 }, { signal }),
    [q],
  )
  const own = useStore(rooms.state).rooms
  return (
    <Dialog title="Open groups" onClose={onClose} testId="open-groups-dialog">
      <div class="open-groups">
        <SearchField
          label="Find an open group"
          placeholder="Beginning of a name"
          value={text}
          onInput={setText}
          testId="open-groups-search"
        />
        <div class="open-groups-list">
          {found.status === 'loading' && found.items.length === 0 && (
            <SkeletonRows count={4} label="Looking for open groups" />
          )}
          {found.status === 'failed' && <ErrorState problem={found.problem} onRetry={found.reload} />}
          {found.status === 'ready' && found.items.length === 0 && (
            <Notice title={q ? 'No open group by that name' : 'No open groups yet'} testId="no-open-groups">
              <p>
                {q
                  ? 'Names are looked at from their beginning.'
                  : 'Create a group that anybody may join: it shows here.'}
              </p>
            </Notice>
          )}
          {found.items.length > 0 && (
            <List label="Open groups">
              {found.items.map((room) => (
                <OpenGroupRow
                  key={room.id}
                  room={room}
                  isMember={own.some(({ id }) => id === room.id)}
                  onDone={onClose}
                />
              ))}
            </List>
          )}
          {found.hasMore && (
            <div class="side-older">
              <Button kind="text" isBusy={found.isLoadingMore} onPress={found.loadMore}>
                Show more
              </Button>
            </div>
          )}
        </div>
      </div>
    </Dialog>
  )
}

function OpenGroupRow({ room, isMember, onDone }: { room: OpenRoom; isMember: boolean; onDone: () => void }) {
  const join = useJoin()
  return (
    <ListRow
      lead={<Avatar id={room.id} name={room.name} />}
      title={room.name}
      text={[countOf(room.memberCount), room.topic].filter(Boolean).join(' · ')}
      testId="open-group"
      data={{ 'data-room-id': room.id }}
      actions={
        isMember ? (
          <Button
            label={`Open ${room.name}`}
            onPress={() => {
              onDone()
              navigate(roomHref(room.id))
            }}
          >
            Open
          </Button>
        ) : (
          <Button
            kind="primary"
            label={`Join ${room.name}`}
            isBusy={join.isBusy}
            onPress={async () => (await join.run(room.id)) && onDone()}
            testId="join-open-group"
          >
            Join
          </Button>
        )
      }
    />
  )
}

/** The value once it has not changed for a while. */
function useLater<T>(value: T, ms: number): T {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), ms)
    return () => clearTimeout(timer)
  }, [value])
  return later
}
