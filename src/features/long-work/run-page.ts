import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { isDefiniteNo } from '../../platform/resilience/outage.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import type { AnyKind, OperationKind } from './operation-kind.ts'
import { operations } from './tables.ts'
import { isFinished, type OperationRow } from './view-operation.ts'

const CURRENT = 'operation:current'
/** How often a page is read again at once, because somebody changed meanwhile what it is about. */
const ATTEMPTS = 5

/**
 * Beside the budget of time: the statements that one invocation may send are 1,000, and a page of a hundred changes
 * is a little more than a hundred of them.
 */
const MOST_PAGES = 8

interface Parts {
  store: OperationStore
  kinds: readonly AnyKind[]
  /** How long one delivery begins further pages: a queue takes seconds to bring the message of the next one. */
  budgetMs?: number
}

interface PageOf {
  operationId: string
  step: number
}

/**
 * One page, and those after it as long as the budget lasts. What a page changes, how far the operation is, the mark of
 * the message and the event of the next page are one batch. So however often it is delivered, and wherever it was cut
 * off, each page happens once; the message of a page that was done meanwhile finds nothing to do.
 */
export async function runPage(ctx: ServiceContext, parts: Parts, { operationId, step }: PageOf): Promise<void> {
  const { budgetMs = 0 } = parts
  const endsAt = ctx.clock() + budgetMs
  let done = await takePage(ctx, parts, { operationId, step })
  try {
    for (let pages = 1; done?.hasMore && pages < MOST_PAGES && ctx.clock() < endsAt; pages += 1) {
      done = (await takePage(ctx, parts, { operationId, step: step + pages })) ?? { ...done, hasMore: false }
    }
  } catch (error) {
    // It has a message of its own, which is tried as often as its lane says.
    ctx.log.warn('Page Left To Its Message', { operationId, error })
  } finally {
    await done?.kind.after?.(ctx)
  }
}

interface Done {
  kind: OperationKind<unknown, unknown>
  hasMore: boolean
}

/** Undefined where there was nothing to do, or it was the end without a change. */
async function takePage(ctx: ServiceContext, { store, kinds }: Parts, { operationId, step }: PageOf) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const [row] = await ctx[store].db.select().from(operations).where(eq(operations.id, operationId))
    if (!row || isFinished(row) || row.step !== step) return undefined
    try {
      return await runOrFail(ctx, store, kindOf(kinds, row), row)
    } catch (error) {
      // Cancelled, done by another delivery, or what it is about was changed: the next look tells which.
      if (!(error instanceof GuardFailed && error.guard === CURRENT)) throw error
    }
  }
  throw new Error(`The page ${step} of the operation ${operationId} was overtaken ${ATTEMPTS} times`)
}

async function runOrFail(...parts: Parameters<typeof runOnce>): Promise<Done | undefined> {
  const [ctx, store, , row] = parts
  try {
    return await runOnce(...parts)
  } catch (error) {
    // What does not answer now may answer later.
    if (!isDefiniteNo(error)) throw error
    await fail(ctx, store, row, error)
    return undefined
  }
}

/** Whoever has lost what it needs, or their account, does not go on by what was begun before. @throws Refusal */
async function demandOwner(
  ctx: ServiceContext,
  kind: OperationKind<unknown, unknown>,
  row: OperationRow,
  input: unknown,
) {
  if (await ctx.usersService.hasAllPermissions(row.ownerId, kind.needs(input))) return
  throw new Refusal('FORBIDDEN', 'Whoever began it may no longer do this: what was done before stays done')
}

async function runOnce(
  ctx: ServiceContext,
  store: OperationStore,
  kind: OperationKind<unknown, unknown>,
  row: OperationRow,
): Promise<Done> {
  const input = kind.input.parse(row.input)
  await demandOwner(ctx, kind, row, input)
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
  return { kind, hasMore: !page.isLast }
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
