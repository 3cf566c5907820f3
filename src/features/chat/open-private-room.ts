import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { projectRoom } from './project-room.ts'
import { findPeopleAndRoom } from './queries.ts'
import type { Room } from './schemas.ts'
import { toNewRoom, toRoom } from './views.ts'

/** The same for both people, whoever asks: so two who ask at once meet in one object. */
function pairObjectName(a: string, b: string): string {
  return a < b ? `pair:${a}:${b}` : `pair:${b}:${a}`
}

/** The private room of the caller and another person: found, or made. */
export async function openPrivateRoom(ctx: ServiceContext, otherId: string): Promise<{ room: Room; created: boolean }> {
  const { userId } = requireUser(ctx)
  if (otherId === userId) {
    throw new Refusal('VALIDATION_FAILED', 'A private room needs another person', {
      fields: [{ field: 'userId', message: 'This is you' }],
    })
  }
  const objectName = pairObjectName(userId, otherId)
  const { people, room } = await findPeopleAndRoom(ctx.core.db, userId, [userId, otherId], objectName)
  const attempt = ctx.idempotency.attempt()
  // Only the object knows whether this very request has made it.
  if (room && !attempt) return { room: toRoom(room), created: false }
  const peer = people.find(({ id }) => id === otherId)
  if (!peer) throw notFound('User')

  const opening = {
    id: ctx.newId(),
    objectName,
    type: 'private' as const,
    name: 'Private Chat',
    createdBy: userId,
    members: people.map(({ id, username, avatar }) => ({ userId: id, username, avatar, role: 'member' as const })),
  }
  const { value: opened, replayed } = await ctx.room(objectName).open(opening, attempt)
  ctx.idempotency.isReplayed = replayed
  await projectRoom(ctx, opened.room)
  const isNew = opened.created || !room
  return { room: isNew ? toNewRoom(opened.room, peer) : toRoom(room), created: opened.created }
}
