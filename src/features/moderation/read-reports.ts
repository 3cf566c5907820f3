import type { ServiceContext } from '../../context.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import type { Status } from './domain/report.ts'
import { fetchReport, listReports } from './queries.ts'
import type { Report } from './schemas.ts'
import { toReport } from './views.ts'

export async function readReports(
  ctx: ServiceContext,
  query: { cursor?: string | undefined; limit: number; status?: Status | undefined },
): Promise<Page<Report>> {
  const rows = await listReports(ctx.core.db, {
    status: query.status,
    after: decodeCursor(query.cursor, TimePlace),
    limit: query.limit + 1,
  })
  const page = toPage(rows, query.limit, (row): TimePlace => [row.createdAt, row.id])
  return { ...page, items: page.items.map(toReport) }
}

export async function readReport(ctx: ServiceContext, id: string): Promise<Report> {
  return toReport(await fetchReport(ctx.core.db, id))
}
