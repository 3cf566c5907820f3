import { useMemo } from 'preact/hooks'
import type { RoomWithMembers } from '../../../client/index.ts'
import { lineOf } from '../../components/problem-words.ts'
import { Select } from '../../components/select.tsx'
import { toast } from '../../components/toast.tsx'
import { useWorkspace } from '../../workspace.ts'
import { createLatestChoice } from './latest-choice.ts'
import { NOTIFY_CHOICES } from './room-choices.ts'
import type { RoomDetails } from './room-details-store.ts'

type Notify = RoomWithMembers['own']['notify']

/** What of this conversation one wants to be told: shown at once, and taken back where it is refused. */
export function NotifyChoice({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { client, rooms } = useWorkspace()
  const { notify } = room.own
  const choose = useMemo(() => {
    const show = (notify: Notify) => {
      const own = details.state.value.room?.own
      if (own) details.note({ own: { ...own, notify } })
    }
    const store = async (notify: Notify) => {
      const stored = await client.rooms.notify(details.roomId, notify)
      rooms.noteNotify(details.roomId, stored.notify)
      return stored.notify
    }
    return createLatestChoice({ show, store, onProblem: (problem) => toast({ text: lineOf(problem), tone: 'bad' }) })
  }, [client, details, rooms])
  return (
    <Select
      label="Notify me of"
      options={NOTIFY_CHOICES}
      value={notify}
      onChange={(chosen) => void choose(chosen, notify)}
      hint={notify === 'none' ? 'The list still counts what is unread, quietly.' : undefined}
      testId="notify-choice"
    />
  )
}
