import { and, eq, inArray } from 'drizzle-orm'
import { type AuditFact, type Permission, requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { notFound, Refusal } from '../../platform/errors.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import { operations } from './tables.ts'
import { isFinished, type OperationRow, type ShownOperation, showOperation } from './view-operation.ts'

/** One of the caller's own; anybody's for who looks after the settings. @throws Refusal 404 */
export async function readOperation(ctx: ServiceContext, id: string): Promise<ShownOperation> {
  const { store, row } = await fetchReachable(ctx, id)
  return showOperation(store, row)
}

/**
 * No further page is begun; what was done stays done. Of somebody else's it leaves a row in the trail. One that is cancelled already stays as it is.
 * @throws Refusal 404, 409 where it has ended otherwise
 */
export async function cancelOperation(ctx: ServiceContext, id: string): Promise<ShownOperation> {
  const { store, row, isOwn } = await fetchReachable(ctx, id)
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
      ...(isOwn ? [] : [ctx.audit('OPERATION_CANCELLED', aboutOf(shown, row))]),
    ],
    { refusals: { 'operation:unfinished': hasEnded } },
  )
  return shown
}

/** Its owner may be gone, or be who must be stopped: so there is always somebody else. */
const OVERSEER: Permission = 'manage:settings'

async function fetchReachable(
  ctx: ServiceContext,
  id: string,
): Promise<{ store: OperationStore; row: OperationRow; isOwn: boolean }> {
  const [name = '', uuid = ''] = id.split('.')
  const store = (Object.keys(PAGE_DUE) as OperationStore[]).find((known) => known === name)
  if (!store) throw notFound('Operation')
  const [row] = await ctx[store].db.select().from(operations).where(eq(operations.id, uuid))
  const isOwn = row?.ownerId === requireUser(ctx).userId
  if (!row || !(isOwn || (await ctx.session()).permissions.includes(OVERSEER))) throw notFound('Operation')
  return { store, row, isOwn }
}

function aboutOf({ operation: { id, kind } }: ShownOperation, { ownerId }: OperationRow): AuditFact {
  return { targetType: 'operation', targetId: id, details: { kind, ownerId } }
}

function hasEnded(): Refusal {
  return new Refusal('CONFLICT', 'The operation has ended already')
}
