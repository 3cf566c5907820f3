import type { ServiceContext } from '../../context.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { type DeadLetterRow, fetchDeadLetter, listDeadLetters, toDeadLetter } from './queries.ts'
import type { DeadLetter, DeadLetterWithBody } from './schemas.ts'

export async function readDeadLetters(
  ctx: ServiceContext,
  query: { cursor?: string | undefined; limit: number; status?: DeadLetterRow['status'] | undefined },
): Promise<Page<DeadLetter>> {
  const rows = await listDeadLetters(ctx.core.db, {
    status: query.status,
    after: decodeCursor(query.cursor, TimePlace),
    limit: query.limit + 1,
  })
  const page = toPage(rows, query.limit, (row): TimePlace => [row.lastSeenAt, row.id])
  return { ...page, items: page.items.map(toDeadLetter) }
}

export async function readDeadLetter(ctx: ServiceContext, id: string): Promise<DeadLetterWithBody> {
  const row = await fetchDeadLetter(ctx.core.db, id)
  return { ...toDeadLetter(row), body: row.body }
}
