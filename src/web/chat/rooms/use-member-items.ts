import type { RoomMember } from '../../../client/index.ts'
import type { MenuItem } from '../../components/menu.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useBlock } from '../../people/use-block.tsx'
import { useOpenPrivate } from '../../people/use-open-private.ts'
import { useWorkspace } from '../../workspace.ts'
import type { Question } from './member-dialog.tsx'
import { MUTES } from './room-choices.ts'
import type { RoomDetails } from './room-details-store.ts'
import type { MemberAct, RoomRole } from './room-permissions.ts'

interface MemberItems {
  details: RoomDetails
  member: RoomMember
  acts: readonly MemberAct[]
  /** What is asked about before it is done. */
  ask: (question: Question) => void
}

/** The menu of a member: only what the viewer may do is in it. */
export function useMemberItems({ details, member, acts, ask }: MemberItems): (MenuItem | 'line')[] {
  const { client } = useWorkspace()
  const { roomId } = details
  const open = useOpenPrivate()
  const { isBlocked, block, unblock } = useBlock(member)
  const setRole = useAction(async (role: RoomRole) => {
    details.noteMember(await client.rooms.setRole(roomId, member.id, role))
    toast({ text: `${member.username} is ${ROLE_WORDS[role]} now`, tone: 'good' })
  })
  const mute = useAction(async (minutes: number) => {
    details.noteMember(await client.rooms.mute(roomId, member.id, minutes))
  })
  const unmute = useAction(async () => details.noteMember(await client.rooms.unmute(roomId, member.id)))

  const may = (act: MemberAct) => acts.includes(act)
  const groups: MenuItem[][] = [
    may('message')
      ? [{ label: 'Message', icon: 'send', onPick: () => void open.run(member.id), testId: 'act-message' }]
      : [],
    [
      ...(may('make-owner') ? [item('Make owner', 'star', () => ask('make-owner'), 'act-make-owner')] : []),
      ...(may('make-moderator')
        ? [
            item(
              member.role === 'owner' ? 'Step down to moderator' : 'Make moderator',
              'shield',
              () => (member.role === 'owner' ? ask('step-down-moderator') : void setRole.run('moderator')),
              'act-make-moderator',
            ),
          ]
        : []),
      ...(may('make-member')
        ? [
            item(
              member.role === 'owner' ? 'Step down to member' : 'Make member',
              'person',
              () => (member.role === 'owner' ? ask('step-down-member') : void setRole.run('member')),
              'act-make-member',
            ),
          ]
        : []),
    ],
    [
      ...(may('mute')
        ? MUTES.map(({ minutes, label }) => item(label, 'mute', () => void mute.run(minutes), `act-mute-${minutes}`))
        : []),
      ...(may('unmute') ? [item('Let them write again', 'mute', () => void unmute.run(), 'act-unmute')] : []),
    ],
    [
      ...(may('remove') ? [item('Remove from the group', 'leave', () => ask('remove'), 'act-remove', true)] : []),
      ...(may('ban') ? [item('Ban', 'ban', () => ask('ban'), 'act-ban', true)] : []),
    ],
    may('block')
      ? [
          isBlocked
            ? item('Unblock', 'eye', () => void unblock(), 'act-unblock')
            : item('Block', 'ban', () => void block(), 'act-block'),
        ]
      : [],
  ]
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, at): (MenuItem | 'line')[] => (at === 0 ? group : ['line', ...group]))
}

const ROLE_WORDS: Record<RoomRole, string> = { owner: 'an owner', moderator: 'a moderator', member: 'a member' }

function item(
  label: string,
  icon: NonNullable<MenuItem['icon']>,
  onPick: () => void,
  testId: string,
  isDanger = false,
): MenuItem {
  return { label, icon, onPick, testId, isDanger }
}
