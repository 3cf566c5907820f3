import * as z from 'zod'
import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../platform/cursor.ts'
import { COUNT_UP_TO, type CountedPage, offsetOf, type Paging, totalOf } from '../../platform/paging.ts'
import type { Message } from './message-schemas.ts'
import { fetchObjectName } from './queries.ts'
import { askRoom } from './room-object.ts'

/** Where a page ended, and which way the list goes on from there. */
const HistoryPlace = z.tuple([z.enum(['before', 'after']), z.int().nonnegative()])
type HistoryPlace = z.output<typeof HistoryPlace>

/**
 * One page of a room's messages, oldest first in itself. Without more it is the newest, and its cursor leads to older
 * ones; `after` a seq the list leads to newer ones.
 */
export async function readHistory(
  ctx: ServiceContext,
  roomId: string,
  query: Paging & { before?: number | undefined; after?: number | undefined },
): Promise<CountedPage<Message>> {
  const { userId } = requireUser(ctx)
  const { limit } = query
  const place = decodeCursor(query.cursor, HistoryPlace) ?? placeOf(query)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const { messages, total } = await askRoom(ctx, objectName, userId, {
    kind: 'history',
    limit: limit + 1,
    offset: offsetOf(query),
    ...(place ? { [place[0]]: place[1] } : { countTo: COUNT_UP_TO }),
  })
  const direction = place?.[0] ?? 'before'
  const items = direction === 'before' ? messages.slice(-limit) : messages.slice(0, limit)
  const edge = direction === 'before' ? items.at(0) : items.at(-1)
  const hasMore = messages.length > limit && edge !== undefined
  return {
    items,
    nextCursor: hasMore ? encodeCursor([direction, edge.seq] satisfies HistoryPlace) : null,
    total: total === null ? null : totalOf(total),
  }
}

function placeOf({
  before,
  after,
}: {
  before?: number | undefined
  after?: number | undefined
}): HistoryPlace | undefined {
  if (before !== undefined) return ['before', before]
  return after === undefined ? undefined : ['after', after]
}
