import type { ServiceContext } from '../../context.ts'
import { LaneMessage } from '../../platform/queues/lanes.ts'
import { fetchDeadLetter } from './queries.ts'

/** Puts a redriven message back on its lane. Sent twice it has its effect once, as its subscriber sees to. */
export async function resendDeadLetter(ctx: ServiceContext, id: string): Promise<void> {
  const row = await fetchDeadLetter(ctx.core.db, id)
  if (row.status !== 'redriven') return
  await ctx.queues[row.lane].send(LaneMessage.parse(row.body), { contentType: 'json' })
}
