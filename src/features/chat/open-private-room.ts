import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { demandFreshKey } from '../../platform/idempotency/remembered.ts'
import { pairObjectName, refusalBetween } from './domain/private-pair.ts'
import { projectRoom } from './project-room.ts'
import { findPeopleAndRoom } from './queries.ts'
import { DEFAULT_SETTINGS, type Room } from './schemas.ts'
import { toNewRoom, toRoom } from './views.ts'

/** The private room of the caller and another person: found, or made, unless one of them has blocked the other. */
export async function openPrivateRoom(ctx: ServiceContext, otherId: string): Promise<{ room: Room; created: boolean }> {
  const { userId } = requireUser(ctx)
  if (otherId === userId) {
    throw new Refusal('VALIDATION_FAILED', 'A private room needs another person', {
      fields: [{ field: 'userId', message: 'This is you' }],
    })
  }
  const objectName = pairObjectName(userId, otherId)
  const [{ people, room: found }] = await Promise.all([
    findPeopleAndRoom(ctx.core.db, userId, [userId, otherId], objectName),
    // The object is asked before the batch that would find the key taken.
    demandFreshKey(ctx.core.db, ctx.idempotency.attempt(), ctx.clock()),
  ])
  if (found) {
    const room = toRoom(found)
    // Nothing to keep without a key; with one, this meets the row of the request that has made the room.
    await ctx.core.commit(ctx.idempotency.answered(200, room))
    return { room, created: false }
  }
  const peer = people.find(({ id }) => id === otherId)
  if (!peer) throw notFound('User')
  const refusal = refusalBetween({ isBlocking: peer.isBlocked, isBlocked: peer.isBlocking })
  if (refusal) throw refusal

  const { value: opened } = await ctx.room(objectName).open({
    id: ctx.newId(),
    objectName,
    type: 'private',
    name: 'Private Chat',
    createdBy: userId,
    settings: DEFAULT_SETTINGS,
    members: people.map(({ id, username, avatar }) => ({ userId: id, username, avatar, role: 'member' })),
  })
  const { isBlocked: _isBlocked, isBlocking: _isBlocking, ...shown } = peer
  const room = toNewRoom(opened.room, shown)
  await projectRoom(ctx, opened.room, ctx.idempotency.answered(opened.created ? 201 : 200, room))
  return { room, created: opened.created }
}
