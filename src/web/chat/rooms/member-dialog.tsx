import { useState } from 'preact/hooks'
import type { RoomMember } from '../../../client/index.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Field } from '../../components/field.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useWorkspace } from '../../workspace.ts'
import { FormProblem } from './form-problem.tsx'
import type { RoomDetails } from './room-details-store.ts'

export type Question = 'make-owner' | 'step-down-moderator' | 'step-down-member' | 'remove' | 'ban'

interface MemberDialogProps {
  details: RoomDetails
  member: RoomMember
  question: Question
  onClose: () => void
}

/** Asks before what cannot simply be taken back. */
export function MemberDialog({ details, member, question, onClose }: MemberDialogProps) {
  const { client } = useWorkspace()
  const { roomId } = details
  const { id, username } = member
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | null>(null)

  const act = useAction(
    async () => {
      if (question === 'remove') {
        await client.rooms.removeMember(roomId, id)
        details.noteGone(id)
        toast({ text: `${username} was removed` })
      } else if (question === 'ban') {
        await client.rooms.ban(roomId, id, reason.trim() || undefined)
        details.noteGone(id)
        toast({ text: `${username} is banned` })
      } else {
        const role = (
          { 'make-owner': 'owner', 'step-down-moderator': 'moderator', 'step-down-member': 'member' } as const
        )[question]
        details.noteMember(await client.rooms.setRole(roomId, id, role))
      }
      onClose()
    },
    { onProblem: setProblem },
  )
  const { title, text, action } = wordsFor(question, username)
  return (
    <Confirm
      title={title}
      text={text}
      action={action}
      isBusy={act.isBusy}
      testId={`confirm-${question}`}
      onConfirm={() => void act.run()}
      onCancel={onClose}
    >
      <FormProblem text={problem} />
      {question === 'ban' && (
        <Field
          label="Reason"
          name="reason"
          maxLength={300}
          value={reason}
          onInput={setReason}
          hint="Owners and moderators see it."
          optional
        />
      )}
    </Confirm>
  )
}

function wordsFor(question: Question, name: string): { title: string; text: string; action: string } {
  switch (question) {
    case 'make-owner':
      return {
        title: `Make ${name} an owner?`,
        text: 'Owners decide everything about the group. Only they themselves can give it up again.',
        action: 'Make owner',
      }
    case 'step-down-moderator':
    case 'step-down-member':
      return {
        title: 'Give up owning this group?',
        text: 'Another owner can make you one again. You cannot do it yourself.',
        action: 'Step down',
      }
    case 'remove':
      return {
        title: `Remove ${name}?`,
        text: 'They see nothing of the group any more. With an invitation, or where it is open, they can come back.',
        action: 'Remove',
      }
    case 'ban':
      return {
        title: `Ban ${name}?`,
        text: 'They are removed and cannot come back until the ban is lifted.',
        action: 'Ban',
      }
  }
}
