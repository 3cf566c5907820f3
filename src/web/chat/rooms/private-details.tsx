import type { RoomWithMembers } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { fullName } from '../../names.ts'
import { useBlock } from '../../people/use-block.tsx'
import { useStore } from '../../store.ts'
import { NotifyChoice } from './notify-choice.tsx'
import type { RoomDetails } from './room-details-store.ts'

/** Who the other one is, and what can be done when one has had enough of them. */
export function PrivateDetails({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { online } = useStore(details.state)
  const { peer } = room
  if (!peer) return <p class="details-hint">The other person’s account is gone.</p>
  return (
    <div class="details-part" data-testid="private-details">
      <div class="person-card">
        <Avatar id={peer.id} name={fullName(peer)} />
        <p class="details-name">{fullName(peer)}</p>
        <p class="person-username">@{peer.username}</p>
        <p class="person-about">{online?.has(peer.id) ? 'Here now' : 'Away'}</p>
      </div>
      <section class="details-section">
        <h3>For you</h3>
        <NotifyChoice details={details} room={room} />
      </section>
      <BlockSection peer={peer} />
    </div>
  )
}

function BlockSection({ peer }: { peer: NonNullable<RoomWithMembers['peer']> }) {
  const { isBlocked, isBusy, block, unblock } = useBlock(peer)
  const name = fullName(peer)
  return (
    <section class="details-section">
      <h3>If something is wrong</h3>
      <p class="details-hint">
        {isBlocked
          ? `You have blocked ${name}: neither of you can write here.`
          : `Who is blocked cannot write to you, nor you to them. They are not told.`}
      </p>
      {isBlocked ? (
        <Button isBusy={isBusy} onPress={() => void unblock()} testId="person-unblock">
          Unblock {name}
        </Button>
      ) : (
        <Button isBusy={isBusy} onPress={() => void block()} testId="person-block">
          <Icon name="ban" />
          Block {name}
        </Button>
      )}
      <p class="details-hint">
        To report a message to the moderators, choose “Report” in the menu of that message. They see it, and decide.
      </p>
    </section>
  )
}
