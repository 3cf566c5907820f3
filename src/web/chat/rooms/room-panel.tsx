import { useEffect } from 'preact/hooks'
import type { RoomWithMembers } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { roomSwatchId, roomTitle } from '../../names.ts'
import { type RoomPanel as PanelName, roomHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { SidePanel } from '../conversation/side-panel.tsx'
import { InvitesTab } from './invites-tab.tsx'
import { MembersTab } from './members-tab.tsx'
import { PrivateDetails } from './private-details.tsx'
import type { RoomDetails } from './room-details-store.ts'
import { permissionsIn } from './room-permissions.ts'
import { countOf } from './search-results.tsx'
import { SettingsTab } from './settings-tab.tsx'

export type DetailsTab = Extract<PanelName, 'members' | 'settings' | 'invites'>

export const isDetailsTab = (panel: string | undefined): panel is DetailsTab =>
  panel === 'members' || panel === 'settings' || panel === 'invites'

/** Beside the conversation, or over it on a phone: who is in the room, and how it goes about its business. */
export function RoomPanel({ roomId, tab, onClose }: { roomId: string; tab: DetailsTab; onClose: () => void }) {
  const details = useWorkspace().details(roomId)
  const { status, room, problem } = useStore(details.state)

  useEffect(() => {
    void details.load()
  }, [details])

  return (
    <SidePanel title="Details" onClose={onClose} testId="room-panel">
      <div class="details" data-testid="details" data-status={status}>
        {room && <Content {...{ details, room, tab }} />}
        {!room && (status === 'loading' || status === 'idle') && <SkeletonRows count={5} label="Loading the details" />}
        {!room && status === 'failed' && <ErrorState problem={problem} onRetry={() => void details.load()} />}
        {status === 'missing' && (
          <Notice title="There is nothing to show" isAlert testId="details-missing">
            <p>The conversation does not exist, or you are not one of its members any more.</p>
          </Notice>
        )}
      </div>
    </SidePanel>
  )
}

function Content({ details, room, tab }: { details: RoomDetails; room: RoomWithMembers; tab: DetailsTab }) {
  if (room.type === 'private') return <PrivateDetails details={details} room={room} />
  const { mayInvite } = permissionsIn(room)
  const shown = tab === 'invites' && !mayInvite ? 'members' : tab
  const items = [
    { id: 'members', label: 'Members', href: roomHref(room.id, { panel: 'members' }), testId: 'tab-members' },
    { id: 'settings', label: 'Settings', href: roomHref(room.id, { panel: 'settings' }), testId: 'tab-settings' },
    { id: 'invites', label: 'Invites', href: roomHref(room.id, { panel: 'invites' }), testId: 'tab-invites' },
  ].filter(({ id }) => id !== 'invites' || mayInvite)
  return (
    <>
      <div class="details-summary">
        <Avatar id={roomSwatchId(room)} name={roomTitle(room)} />
        <div>
          <p class="details-name">{roomTitle(room)}</p>
          <p class="details-about">
            {countOf(room.memberCount)} · {room.settings.joinPolicy === 'open' ? 'Open to everybody' : 'By invitation'}
          </p>
        </div>
      </div>
      {room.settings.topic && <p class="details-topic">{room.settings.topic}</p>}
      <Tabs label="Details" active={shown} items={items} />
      {shown === 'members' && <MembersTab details={details} room={room} />}
      {shown === 'settings' && <SettingsTab details={details} room={room} />}
      {shown === 'invites' && <InvitesTab details={details} room={room} />}
    </>
  )
}
