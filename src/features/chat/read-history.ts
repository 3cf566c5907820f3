import { z } from 'zod'
import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, encodeCursor, type Page } from '../../platform/cursor.ts'
import { fetchObjectName } from './queries.ts'
import type { Message } from './schemas.ts'

/** The seq before which the next page ends. */
const HistoryPlace = z.tuple([z.int().positive()])

/** One page of a room's messages, oldest first in itself; the cursor leads to older ones. */
export async function readHistory(
  ctx: ServiceContext,
  roomId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Message>> {
  const { userId } = requireUser(ctx)
  const place = decodeCursor(cursor, HistoryPlace)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const rows = await ctx.room(objectName).history(userId, { limit: limit + 1, ...(place ? { before: place[0] } : {}) })
  const items = rows.slice(-limit)
  const oldest = items[0]
  return { items, nextCursor: rows.length > limit && oldest ? encodeCursor([oldest.seq]) : null }
}
