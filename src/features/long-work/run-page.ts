import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { Outage } from '../../platform/resilience/outage.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import type { AnyKind, OperationKind } from './operation-kind.ts'
import { operations } from './tables.ts'
import { isFinished, type OperationRow } from './view-operation.ts'

const CURRENT = 'operation:current'
/** How often a page is read again at once, because somebody changed meanwhile what it is about. */
const ATTEMPTS = 5

interface Parts {
  store: OperationStore
  kinds: readonly AnyKind[]
}

/**
 * One page: what it changes, how far the operation is, the mark of the message and the event of the next one are one
 * batch. So however often it is delivered, and wherever it was cut off, each page happens once.
 */
export async function runPage(
  ctx: ServiceContext,
  { store, kinds }: Parts,
  { operationId, step }: { operationId: string; step: number },
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [row] = await ctx[store].db.select().from(operations).where(eq(operations.id, operationId))
    if (!row || isFinished(row) || row.step !== step) return
    try {
      return await runOrFail(ctx, store, kindOf(kinds, row), row)
    } catch (error) {
      // Cancelled, done by another delivery, or what it is about was changed: the next look tells which.
      if (!(error instanceof GuardFailed && error.guard === CURRENT)) throw error
    }
  }
  throw new Error(`The page ${step} of the operation ${operationId} was overtaken ${ATTEMPTS} times`)
}

async function runOrFail(...parts: Parameters<typeof runOnce>): Promise<void> {
  const [ctx, store, , row] = parts
  try {
    await runOnce(...parts)
  } catch (error) {
    // What does not answer now may answer later.
    if (!(error instanceof Refusal) || error instanceof Outage) throw error
    await fail(ctx, store, row, error)
  }
}

async function runOnce(
  ctx: ServiceContext,
  store: OperationStore,
  kind: OperationKind<unknown, unknown>,
  row: OperationRow,
): Promise<void> {
  const input = kind.input.parse(row.input)
  const begun = row.place === null ? await kind.begin(ctx, input) : undefined
  const page = await kind.page(ctx, input, begun ? begun.place : kind.place.parse(row.place))
  const now = ctx.clock()
  const step = row.step + 1
  const done = row.done + page.done
  // Things come and go while it works: nobody is told of more done than there is, nor of less at the end.
  const total = page.isLast ? done : Math.max(done, begun?.total ?? row.total ?? 0)
  const payload = { operationId: row.id, step }
  await ctx[store].commit([
    ...advance(ctx, store, row, page.holds, {
      ...{ state: page.isLast ? 'succeeded' : 'running', step, place: page.place, total, result: page.result },
      ...{ done, startedAt: row.startedAt ?? now, finishedAt: page.isLast ? now : null },
    }),
    ...page.steps,
    ...(page.isLast ? [] : [ctx.event(PAGE_DUE[store], { aggregateId: row.id, sequence: step, payload })]),
  ])
  await kind.after?.(ctx)
}

/** What was done before stays done, and is told as the result. */
function fail(ctx: ServiceContext, store: OperationStore, row: OperationRow, { code, message }: Refusal) {
  const now = ctx.clock()
  const failed = {
    state: 'failed',
    error: { code, message },
    startedAt: row.startedAt ?? now,
    finishedAt: now,
  } as const
  return ctx[store].commit(advance(ctx, store, row, sql`true`, failed))
}

/** Only from where it was read. */
function advance(
  ctx: ServiceContext,
  store: OperationStore,
  { id, step }: OperationRow,
  holds: SQL,
  set: Partial<OperationRow>,
) {
  const isCurrent = and(
    eq(operations.id, id),
    eq(operations.step, step),
    inArray(operations.state, ['pending', 'running']),
  )
  return [
    ctx[store].db
      .update(operations)
      .set({ ...set, updatedAt: ctx.clock() })
      .where(and(isCurrent, holds)),
    expectChanged(CURRENT),
  ]
}

/** Its input and place are parsed by itself before they are used. */
function kindOf(kinds: readonly AnyKind[], { kind }: OperationRow): OperationKind<unknown, unknown> {
  const found = kinds.find(({ name }) => name === kind)
  if (!found) throw new Error(`Nobody does the work ${kind}`)
  return found as unknown as OperationKind<unknown, unknown>
}
