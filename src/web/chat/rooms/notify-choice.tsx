import type { RoomWithMembers } from '../../../client/index.ts'
import { Select } from '../../components/select.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { NOTIFY_CHOICES } from './room-choices.ts'
import type { RoomDetails } from './room-details-store.ts'

/** What of this conversation one wants to be told: shown at once, and taken back where it is refused. */
export function NotifyChoice({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { client, rooms } = useWorkspace()
  const change = useAction(async (notify: RoomWithMembers['own']['notify']) => {
    const { own } = room
    details.note({ own: { ...own, notify } })
    try {
      const stored = await client.rooms.notify(room.id, notify)
      details.note({ own: stored })
      rooms.noteNotify(room.id, stored.notify)
    } catch (problem) {
      details.note({ own })
      throw problem
    }
  })
  return (
    <Select
      label="Notify me of"
      options={NOTIFY_CHOICES}
      value={room.own.notify}
      onChange={(notify) => void change.run(notify)}
      hint={room.own.notify === 'none' ? 'The list still counts what is unread, quietly.' : undefined}
      testId="notify-choice"
    />
  )
}
