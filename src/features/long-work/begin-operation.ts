import { requireUser, type ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import type { OperationKind } from './operation-kind.ts'
import { operations } from './tables.ts'
import { type OperationRow, type ShownOperation, showOperation } from './view-operation.ts'

interface Wanted<I> {
  store: OperationStore
  kind: Pick<OperationKind<I, unknown>, 'name' | 'input'>
  input: I
  /** Where what comes of it can be seen, below the version. */
  resultPath: string
  /** What is told of its beginning, by its id on the wire. */
  told?: (id: string) => Step[]
}

/** Begins work of the caller's: the row and the message of its first page are one commit. */
export async function beginOperation<I>(
  ctx: ServiceContext,
  { store, kind, input, resultPath, told = () => [] }: Wanted<I>,
): Promise<ShownOperation> {
  const now = ctx.clock()
  const row: OperationRow = {
    ...{ id: ctx.newId(), ownerId: requireUser(ctx).userId, kind: kind.name, input, resultPath },
    ...{ state: 'pending', step: 0, place: null, done: 0, total: null, result: null, error: null },
    ...{ createdAt: now, startedAt: null, finishedAt: null, updatedAt: now },
  }
  const shown = showOperation(store, row)
  await ctx[store].commit([
    ...ctx.idempotency.answered(202, shown.operation, shown),
    ctx[store].db.insert(operations).values(row),
    ...told(shown.operation.id),
    ctx.event(PAGE_DUE[store], { aggregateId: row.id, sequence: 0, payload: { operationId: row.id, step: 0 } }),
  ])
  return shown
}
