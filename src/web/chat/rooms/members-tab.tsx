import { useEffect, useState } from 'preact/hooks'
import type { RoomWithMembers } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { List } from '../../components/list.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { AddPeople } from './add-people.tsx'
import { BannedPeople } from './banned-people.tsx'
import { MemberRow } from './member-row.tsx'
import type { RoomDetails } from './room-details-store.ts'
import { groupMembers, hasOtherOwner, permissionsIn } from './room-permissions.ts'

/** So few are seen at a glance. */
const SEARCHED_FROM = 8

export function MembersTab({ details, room }: { details: RoomDetails; room: RoomWithMembers }) {
  const { user } = useWorkspace()
  const { members, membersCursor, more, online } = useStore(details.state)
  const [filter, setFilter] = useState('')
  const [adds, setAdds] = useState(false)
  const { mayInvite, mayModerate } = permissionsIn(room)
  const groups = groupMembers(members, { online, filter })
  const viewer = { userId: user.id, role: room.own.role, hasOtherOwner: hasOtherOwner(members, user.id) }

  // Who is looked for may be on a page that has not come yet.
  useEffect(() => {
    if (filter.trim() && membersCursor && more === 'idle') void details.loadMore()
  }, [filter, membersCursor, more])

  return (
    <div class="details-part" data-testid="members-tab">
      {mayInvite && (
        <Button onPress={() => setAdds(true)} testId="add-people">
          <Icon name="plus" />
          Add people
        </Button>
      )}
      {room.memberCount > SEARCHED_FROM && (
        <SearchField
          label="Find a member"
          placeholder="Find a member"
          value={filter}
          onInput={setFilter}
          testId="member-search"
        />
      )}
      {groups.map(({ title, members }) => (
        <section key={title} class="details-section details-kind">
          <h3>
            {title} <span class="details-count">{members.length}</span>
          </h3>
          <List label={title}>
            {members.map((member) => (
              <MemberRow
                key={member.id}
                details={details}
                member={member}
                viewer={viewer}
                isOnline={online?.has(member.id) ?? false}
              />
            ))}
          </List>
        </section>
      ))}
      <p class="visually-hidden" role="status">
        {filter.trim() ? `${groups.reduce((sum, { members }) => sum + members.length, 0)} found` : ''}
      </p>
      {filter.trim() && groups.length === 0 && more !== 'loading' && (
        <p class="details-hint" data-testid="no-member">
          No member by that name.
        </p>
      )}
      {membersCursor && (
        <Button kind="text" isBusy={more === 'loading'} onPress={() => void details.loadMore()} testId="more-members">
          {more === 'failed' ? 'That did not work. Try again' : 'Show more members'}
        </Button>
      )}
      {mayModerate && <BannedPeople roomId={room.id} />}
      {adds && <AddPeople details={details} onClose={() => setAdds(false)} />}
    </div>
  )
}
