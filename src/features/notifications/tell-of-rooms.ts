import type { ServiceContext } from '../../context.ts'
import type { MembersChangedPayload, PersonInvitedPayload } from '../chat/events.ts'
import { createNotification, notifyUsers } from './create-notifications.ts'

/** Whoever came by somebody else's hand is told of it; who came by themselves knows. */
export async function tellAdded(ctx: ServiceContext, change: MembersChangedPayload, causeId: string): Promise<void> {
  const { roomId, roomName, actorId, actorName } = change
  const added = change.members.filter((member) => member.change === 'joined' && member.userId !== actorId)
  await notifyUsers(
    ctx,
    added.map(({ userId }) => userId),
    {
      title: `You are in ${roomName}`,
      message: `${actorName} has added you to the room.`,
      category: 'system',
      data: { roomId },
      actionUrl: `/?room=${roomId}`,
    },
    { causeId },
  )
}

export async function tellInvited(ctx: ServiceContext, invited: PersonInvitedPayload, causeId: string): Promise<void> {
  const { roomId, roomName, userId, inviterName } = invited
  await createNotification(
    ctx,
    {
      userId,
      title: `${inviterName} invites you to ${roomName}`,
      message: 'Join the room to read and to write there.',
      category: 'system',
      data: { roomId },
      actionUrl: `/app/join?room=${roomId}`,
    },
    { causeId },
  )
}
