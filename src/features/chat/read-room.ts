import * as z from 'zod'
import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { notFound } from '../../platform/errors.ts'
import type { Message, Reactor, ReadPosition } from './message-schemas.ts'
import { projectReading } from './project-summaries.ts'
import { fetchObjectName, findAddress } from './queries.ts'
import type { Question, QuestionKind, Replies } from './questions.ts'
import { askRoom, tellRoom } from './room-object.ts'
import type { Ban, RoomMember, RoomPresence, RoomPreview } from './schemas.ts'

const MOST_FOUND = 50

/** What a member asks of a room by its id. */
async function ask<K extends QuestionKind>(
  ctx: ServiceContext,
  roomId: string,
  question: Extract<Question, { kind: K }>,
): Promise<Replies[K]> {
  const { userId } = requireUser(ctx)
  return askRoom(ctx, await fetchObjectName(ctx.core.db, userId, roomId), userId, question)
}

const SeqPlace = z.tuple([z.int().positive()])

/** The answers to a message, and to those, oldest first: none stands before what it answers. */
export async function readThread(
  ctx: ServiceContext,
  roomId: string,
  messageId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Message>> {
  const after = decodeCursor(cursor, SeqPlace)?.[0] ?? 0
  const rows = await ask(ctx, roomId, { kind: 'thread', messageId, after, limit: limit + 1 })
  return toPage(rows, limit, ({ seq }) => [seq])
}

const ReactorPlace = z.tuple([z.uuid(), z.string().max(40)])

export async function readReactors(
  ctx: ServiceContext,
  roomId: string,
  messageId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Reactor>> {
  const place = decodeCursor(cursor, ReactorPlace)
  const rows = await ask(ctx, roomId, {
    kind: 'reactors',
    messageId,
    limit: limit + 1,
    ...(place ? { after: { userId: place[0], emoji: place[1] } } : {}),
  })
  return toPage(rows, limit, ({ userId, emoji }) => [userId, emoji])
}

/** Newest pin first; a room has so few that one answer holds them. */
export function readPins(ctx: ServiceContext, roomId: string, limit: number): Promise<Message[]> {
  return ask(ctx, roomId, { kind: 'pins', limit })
}

/** Messages that contain the text, whatever its case; newest first, and no more than fifty. */
export function searchMessages(ctx: ServiceContext, roomId: string, text: string): Promise<Message[]> {
  return ask(ctx, roomId, { kind: 'search', text, limit: MOST_FOUND })
}

export async function listMembers(
  ctx: ServiceContext,
  roomId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<RoomMember>> {
  const after = decodeCursor(cursor, TimePlace)
  const rows = await ask(ctx, roomId, { kind: 'members', limit: limit + 1, ...(after ? { after } : {}) })
  return toPage(rows, limit, ({ joinedAt, id }): TimePlace => [Date.parse(joinedAt), id])
}

export async function listBans(
  ctx: ServiceContext,
  roomId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Ban>> {
  const after = decodeCursor(cursor, TimePlace)
  const rows = await ask(ctx, roomId, { kind: 'bans', limit: limit + 1, ...(after ? { after } : {}) })
  return toPage(rows, limit, ({ bannedAt, userId }): TimePlace => [Date.parse(bannedAt), userId])
}

/** A room as whoever may join it sees it, by an invite or without. @throws Refusal as joining would */
export async function previewRoom(
  ctx: ServiceContext,
  roomId: string,
  invite: string | undefined,
): Promise<RoomPreview> {
  const { userId } = requireUser(ctx)
  const address = await findAddress(ctx.core.db, userId, roomId)
  if (!address || address.type === 'private') throw notFound('Room')
  const question = { kind: 'preview', ...(invite === undefined ? {} : { invite }) } as const
  return { id: roomId, ...(await askRoom(ctx, address.objectName, userId, question)) }
}

export async function readPresence(ctx: ServiceContext, roomId: string): Promise<RoomPresence> {
  const { userId } = requireUser(ctx)
  return ctx.room(await fetchObjectName(ctx.core.db, userId, roomId)).presence(userId)
}

export async function setTyping(ctx: ServiceContext, roomId: string, isTyping: boolean): Promise<void> {
  const { userId } = requireUser(ctx)
  await ctx.room(await fetchObjectName(ctx.core.db, userId, roomId)).type(userId, isTyping)
}

/** The list of rooms knows of it when this answers. */
export async function markRead(ctx: ServiceContext, roomId: string, seq: number | undefined): Promise<ReadPosition> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const reading = await tellRoom(ctx, objectName, 'message:read', seq === undefined ? {} : { seq })
  await projectReading(ctx, userId, reading)
  return reading.position
}
