import type { ServiceContext } from '../../context.ts'
import type { PersonInvitedPayload } from '../chat/events.ts'
import { createNotification } from './create-notifications.ts'

/** Tells somebody that a room waits for them; `causeId` is the event's, so that they are told once. */
export async function tellInvited(
  ctx: ServiceContext,
  { userId, roomId, roomName, inviterName }: PersonInvitedPayload,
  causeId: string,
): Promise<void> {
  const title = `Invitation to ${roomName}`
  const message = `${inviterName} invites you to join`
  await createNotification(ctx, { userId, title, message, category: 'system', data: { roomId } }, { causeId })
}
