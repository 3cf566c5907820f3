import { and, eq, inArray } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import { operations } from './tables.ts'
import { isFinished, type OperationRow, type ShownOperation, showOperation } from './view-operation.ts'

/** One of the caller's own. @throws Refusal 404 */
export async function readOperation(ctx: ServiceContext, id: string): Promise<ShownOperation> {
  const { store, row } = await fetchOwn(ctx, id)
  return showOperation(store, row)
}

/**
 * No further page is begun; what was done stays done. One that is cancelled already stays as it is.
 * @throws Refusal 404, 409 where it has ended otherwise
 */
export async function cancelOperation(ctx: ServiceContext, id: string): Promise<ShownOperation> {
  const { store, row } = await fetchOwn(ctx, id)
  const { db, commit } = ctx[store]
  if (row.state === 'cancelled') {
    const shown = showOperation(store, row)
    await commit(ctx.idempotency.answered(200, shown.operation, shown))
    return shown
  }
  if (isFinished(row)) throw hasEnded()
  const now = ctx.clock()
  const cancelled = { state: 'cancelled', finishedAt: now, updatedAt: now } as const
  const shown = showOperation(store, { ...row, ...cancelled })
  // A page may be done meanwhile: only an end is one too.
  const isUnfinished = and(eq(operations.id, row.id), inArray(operations.state, ['pending', 'running']))
  await commit(
    [
      ...ctx.idempotency.answered(200, shown.operation, shown),
      db.update(operations).set(cancelled).where(isUnfinished),
      expectChanged('operation:unfinished'),
    ],
    { refusals: { 'operation:unfinished': hasEnded } },
  )
  return shown
}

async function fetchOwn(ctx: ServiceContext, id: string): Promise<{ store: OperationStore; row: OperationRow }> {
  const { userId } = requireUser(ctx)
  const [name = '', uuid = ''] = id.split('.')
  const store = (Object.keys(PAGE_DUE) as OperationStore[]).find((known) => known === name)
  if (!store) throw notFound('Operation')
  const [row] = await ctx[store].db
    .select()
    .from(operations)
    .where(and(eq(operations.id, uuid), eq(operations.ownerId, userId)))
  if (!row) throw notFound('Operation')
  return { store, row }
}

function hasEnded(): Refusal {
  return new Refusal('CONFLICT', 'The operation has ended already')
}
