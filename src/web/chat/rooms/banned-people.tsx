import { useState } from 'preact/hooks'
import type { Ban } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { List, ListRow } from '../../components/list.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { usePages } from '../../components/use-pages.ts'
import { fullTime, listTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'

/** Loaded when somebody wants to see it. */
export function BannedPeople({ roomId }: { roomId: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details
      class="details-section"
      data-testid="banned-people"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Banned people</summary>
      {isOpen && <BanList roomId={roomId} />}
    </details>
  )
}

function BanList({ roomId }: { roomId: string }) {
  const { client } = useWorkspace()
  const bans = usePages((cursor, signal) => client.rooms.bans(roomId, { cursor }, { signal }), [roomId])
  if (bans.status === 'loading' && bans.items.length === 0) return <SkeletonRows count={2} label="Loading bans" />
  if (bans.status === 'failed') return <ErrorState problem={bans.problem} onRetry={bans.reload} />
  if (bans.items.length === 0) return <p class="details-hint">Nobody is banned.</p>
  return (
    <>
      <List label="Banned people">
        {bans.items.map((ban) => (
          <BanRow
            key={ban.userId}
            roomId={roomId}
            ban={ban}
            onLifted={() => bans.change((items) => items.filter(({ userId }) => userId !== ban.userId))}
          />
        ))}
      </List>
      {bans.hasMore && (
        <Button kind="text" isBusy={bans.isLoadingMore} onPress={bans.loadMore}>
          Show more
        </Button>
      )}
    </>
  )
}

function BanRow({ roomId, ban, onLifted }: { roomId: string; ban: Ban; onLifted: () => void }) {
  const { client } = useWorkspace()
  const lift = useAction(async () => {
    await client.rooms.unban(roomId, ban.userId)
    onLifted()
    toast({ text: `${ban.username} may come back`, tone: 'good' })
  })
  return (
    <ListRow
      lead={<Avatar id={ban.userId} name={ban.username} />}
      title={ban.username}
      text={
        <>
          <time dateTime={ban.bannedAt} title={fullTime(ban.bannedAt)}>
            {listTime(ban.bannedAt)}
          </time>
          {ban.reason && `: ${ban.reason}`}
        </>
      }
      testId="ban"
      data={{ 'data-username': ban.username }}
      actions={
        <Button
          label={`Lift the ban of ${ban.username}`}
          isBusy={lift.isBusy}
          onPress={() => void lift.run()}
          testId="lift-ban"
        >
          Lift
        </Button>
      }
    />
  )
}
