import { requireUser, type ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { keyReused } from '../../platform/idempotency/idempotency.ts'
import { sha256Hex } from '../../platform/security/encoding.ts'
import { findPeopleFor } from '../people/index.ts'
import { projectRoom } from './project-room.ts'
import { type CreateRoomBody, DEFAULT_SETTINGS, type Room, type RoomSettings } from './schemas.ts'
import { toNewRoom } from './views.ts'

function settingsOf({ name: _name, type: _type, memberIds: _ids, ...settings }: CreateRoomBody): Partial<RoomSettings> {
  return settings
}

/** Makes a group. The caller is its owner, listed among the members or not. */
export async function createRoom(ctx: ServiceContext, input: CreateRoomBody): Promise<Room> {
  const { userId } = requireUser(ctx)
  const ids = [...new Set([userId, ...input.memberIds])]
  const people = await findPeopleFor(ctx.core.db, userId, ids)
  const unknown = ids.filter((id) => !people.some((person) => person.id === id))
  if (unknown.length > 0) {
    throw new Refusal('UNPROCESSABLE', 'Some of these people do not exist', {
      fields: unknown.map((id) => ({ field: 'memberIds', message: `There is no user ${id}` })),
    })
  }
  const id = ctx.newId()
  // A repeat must meet the object of the first time, so a keyed room's object is named by the key.
  const attempt = ctx.idempotency.attempt()
  const objectName = attempt ? `key:${await sha256Hex(`${attempt.scope} ${attempt.keyHash}`)}` : id
  const opening = {
    id,
    objectName,
    type: 'group' as const,
    name: input.name,
    createdBy: userId,
    settings: { ...DEFAULT_SETTINGS, ...settingsOf(input) },
    members: people.map((person) => ({
      userId: person.id,
      username: person.username,
      avatar: person.avatar,
      role: person.id === userId ? ('owner' as const) : ('member' as const),
    })),
  }
  const { value, replayed } = await ctx.room(objectName).open(opening, attempt)
  ctx.idempotency.isReplayed = replayed
  // The object keeps answers for a day, and the room for ever: a key that has made one makes no other.
  if (!value.created && !replayed) throw keyReused()
  // Also when repeated: the first time may have been cut off right here.
  await projectRoom(ctx, value.room)
  return toNewRoom(value.room, null)
}
