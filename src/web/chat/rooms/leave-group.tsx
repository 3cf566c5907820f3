import { useState } from 'preact/hooks'
import type { RoomWithMembers } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Icon } from '../../components/icon.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { followInside, HOME, navigate, roomHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from './form-problem.tsx'
import type { RoomDetails } from './room-details-store.ts'
import { leavingOf } from './room-permissions.ts'

export function LeaveGroup({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { client, rooms, user } = useWorkspace()
  const { members } = useStore(details.state)
  const [asks, setAsks] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const leaving = leavingOf(room, members, user.id)
  const leave = useAction(
    async () => {
      await client.rooms.leave(room.id)
      rooms.remove(room.id)
      navigate(HOME)
      toast({ text: `You have left ${room.name}` })
    },
    { onProblem: setProblem },
  )
  const close = () => {
    setAsks(false)
    setProblem(null)
  }
  return (
    <section class="details-section">
      <h3>Leave</h3>
      {leaving === 'last-owner' && (
        <p class="details-hint" data-testid="last-owner">
          You are the only owner. Before you go,{' '}
          <a class="link" href={roomHref(room.id, { panel: 'members' })} onClick={followInside}>
            make another member an owner
          </a>
          : the group should not be left to nobody.
        </p>
      )}
      {leaving === 'last-member' && (
        <p class="details-hint">You are the last one here: when you leave, the group is over for good.</p>
      )}
      {leaving !== 'last-owner' && (
        <Button onPress={() => setAsks(true)} testId="leave-group">
          <Icon name="leave" />
          Leave the group
        </Button>
      )}
      {asks && (
        <Confirm
          title={`Leave ${room.name}?`}
          text={
            leaving === 'last-member'
              ? 'You are the last member. Nobody can find, join or read the group after that.'
              : room.settings.joinPolicy === 'open'
                ? 'You can come back at any time: the group is open.'
                : 'To come back you will need an invitation.'
          }
          action="Leave"
          isBusy={leave.isBusy}
          testId="confirm-leave"
          onConfirm={() => void leave.run()}
          onCancel={close}
        >
          <FormProblem text={problem} />
        </Confirm>
      )}
    </section>
  )
}
