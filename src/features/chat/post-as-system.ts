import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findPeopleFor } from '../people/index.ts'
import type { SentMessage } from './commands.ts'
import { pairObjectName } from './domain/private-pair.ts'
import type { Message } from './message-schemas.ts'
import { projectRoom } from './project-room.ts'
import { findAddress } from './queries.ts'
import { DEFAULT_SETTINGS } from './schemas.ts'
import type { PostToRoom, PostToUser, ShowTyping } from './service-schemas.ts'
import { SYSTEM_USER } from './system-user.ts'

/** Writes into a room to which the system does not belong. @throws Refusal where there is no such room */
export async function postToRoom(ctx: ServiceContext, { roomId, content, key }: PostToRoom): Promise<Message> {
  return write(ctx, await fetchAddress(ctx, roomId), content, key)
}

/**
 * Writes to a person, in the private room that the system has with them. Only the system writes there.
 * @throws Refusal where there is no such person
 */
export async function postToUser(ctx: ServiceContext, { userId, content, key }: PostToUser): Promise<Message> {
  const [person] = await findPeopleFor(ctx.core.db, SYSTEM_USER.userId, [userId])
  if (!person) throw notFound('User')
  const objectName = pairObjectName(SYSTEM_USER.userId, userId)
  const { value: opened } = await ctx.room(objectName).open({
    id: ctx.newId(),
    objectName,
    type: 'private',
    name: 'Selvage',
    createdBy: SYSTEM_USER.userId,
    settings: { ...DEFAULT_SETTINGS, whoPosts: 'moderators' },
    members: [
      { userId: SYSTEM_USER.userId, username: SYSTEM_USER.username, avatar: null, role: 'owner' },
      { userId, username: person.username, avatar: person.avatar, role: 'member' },
    ],
  })
  // Before the message: whoever is told of that must find its room.
  if (opened.created) await projectRoom(ctx, opened.room)
  return write(ctx, objectName, content, key)
}

/** Shows whoever has the room open that somebody writes, for five seconds, or has stopped. */
export async function showTyping(ctx: ServiceContext, { roomId, userId, isTyping }: ShowTyping): Promise<void> {
  await ctx.room(await fetchAddress(ctx, roomId)).type(userId, isTyping)
}

async function fetchAddress(ctx: ServiceContext, roomId: string): Promise<string> {
  const address = await findAddress(ctx.core.db, SYSTEM_USER.userId, roomId)
  if (!address) throw notFound('Room')
  return address.objectName
}

async function write(ctx: ServiceContext, objectName: string, content: string, key: string): Promise<Message> {
  const { value } = await ctx.room(objectName).act(SYSTEM_USER, {
    event: 'message:send',
    data: { content, type: 'text', clientMessageId: key },
  })
  // What a send answers, which RPC cannot say.
  return (value as SentMessage).message
}
