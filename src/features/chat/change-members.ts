import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { findPeopleFor } from '../people/index.ts'
import type { MembersChange, Results, WorkData } from './commands.ts'
import { projectMembers } from './project-room.ts'
import { fetchObjectName, findAddress } from './queries.ts'
import { tellRoom } from './room-object.ts'
import type { Notify, OwnMembership, RoomMember } from './schemas.ts'

type MemberCommand = 'member:remove' | 'member:ban'

/** Joins an open room, or one to which the caller is invited. A private one is not there for anybody else. */
export async function joinRoom(ctx: ServiceContext, roomId: string, invite: string | undefined): Promise<void> {
  const address = await findAddress(ctx.core.db, requireUser(ctx).userId, roomId)
  if (!address || (address.type === 'private' && !address.isMember)) throw notFound('Room')
  await project(ctx, await tellRoom(ctx, address.objectName, 'room:join', invite === undefined ? {} : { invite }))
}

/** Who has left is asked for again only by a key: the room knows what it has answered. */
export async function leaveRoom(ctx: ServiceContext, roomId: string): Promise<void> {
  const address = await findAddress(ctx.core.db, requireUser(ctx).userId, roomId)
  const mayBeRepeat = address?.wasMember === true && ctx.idempotency.attempt() !== undefined
  if (!address || !(address.isMember || mayBeRepeat)) throw notFound('Room')
  await project(ctx, await tellRoom(ctx, address.objectName, 'room:leave', {}))
}

/** Removing and banning take one person out of the room, and out of their list at once. */
export async function dismissMember<N extends MemberCommand>(
  ctx: ServiceContext,
  roomId: string,
  event: N,
  data: WorkData<N>,
): Promise<void> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  await project(ctx, (await tellRoom(ctx, objectName, event, data)) as MembersChange)
}

/** Adds people who exist, and who have not blocked the caller. Who is a member already stays as they are. */
export async function addMembers(ctx: ServiceContext, roomId: string, userIds: string[]): Promise<void> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.core
  const [objectName, people] = await Promise.all([
    fetchObjectName(db, userId, roomId),
    findPeopleFor(db, userId, userIds),
  ])
  const unknown = userIds.filter((id) => !people.some((person) => person.id === id))
  if (unknown.length > 0) {
    throw new Refusal('UNPROCESSABLE', 'Some of these people cannot be added', {
      fields: unknown.map((id) => ({ field: 'userIds', message: `There is no user ${id}` })),
    })
  }
  const profiles = people.map(({ id, username, avatar }) => ({ userId: id, username, avatar }))
  await project(ctx, await tellRoom(ctx, objectName, 'member:add', { people: profiles }))
}

export async function setRole(ctx: ServiceContext, roomId: string, data: WorkData<'member:role'>): Promise<RoomMember> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  const { member, change } = await tellRoom(ctx, objectName, 'member:role', data)
  await project(ctx, change)
  return member
}

/** What changes nothing that D1 knows. */
export async function tellOfMember<N extends 'member:mute' | 'member:unmute' | 'member:unban'>(
  ctx: ServiceContext,
  roomId: string,
  event: N,
  data: WorkData<N>,
): Promise<Results[N]> {
  return tellRoom(ctx, await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId), event, data)
}

export async function setNotify(ctx: ServiceContext, roomId: string, notify: Notify): Promise<OwnMembership> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  return tellRoom(ctx, objectName, 'room:notify', { notify })
}

async function project(ctx: ServiceContext, change: MembersChange): Promise<void> {
  if (change) await projectMembers(ctx, change)
}
