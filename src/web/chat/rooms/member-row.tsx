import { useState } from 'preact/hooks'
import type { RoomMember } from '../../../client/index.ts'
import { Icon } from '../../components/icon.tsx'
import { ListRow } from '../../components/list.tsx'
import { Menu } from '../../components/menu.tsx'
import { PersonButton } from '../../people/person-button.tsx'
import { endTime } from '../../times.ts'
import { MemberDialog, type Question } from './member-dialog.tsx'
import type { RoomDetails } from './room-details-store.ts'
import { actsOn, isMuted, type RoomRole } from './room-permissions.ts'
import { useMemberItems } from './use-member-items.ts'

interface MemberRowProps {
  details: RoomDetails
  member: RoomMember
  viewer: { userId: string; role: RoomRole; hasOtherOwner: boolean }
  isOnline: boolean
}

export function MemberRow({ details, member, viewer, isOnline }: MemberRowProps) {
  const [question, setQuestion] = useState<Question | null>(null)
  const acts = actsOn(member, viewer)
  const items = useMemberItems({ details, member, acts, ask: setQuestion })
  const isSelf = member.id === viewer.userId
  const muted = isMuted(member) && member.mutedUntil
  const here = isOnline ? 'Here now' : 'Away'
  return (
    <ListRow
      lead={
        <span class="presence" data-online={isOnline}>
          <PersonButton person={member} />
        </span>
      }
      title={
        <>
          {member.username} {isSelf && <span class="tag">You</span>}
        </>
      }
      text={
        muted ? (
          <span class="member-muted" data-testid="member-muted">
            <Icon name="mute" />
            Muted until {endTime(muted)}
          </span>
        ) : (
          here
        )
      }
      testId="member"
      data={{ 'data-username': member.username, 'data-role': member.role, 'data-online': isOnline }}
      actions={
        <>
          {items.length > 0 && <Menu label={`What to do with ${member.username}`} items={items} testId="member-menu" />}
          {question && (
            <MemberDialog details={details} member={member} question={question} onClose={() => setQuestion(null)} />
          )}
        </>
      }
    />
  )
}
