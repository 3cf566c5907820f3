import { isoTime, isoTimeOrNull } from '../../platform/clock.ts'
import type { OperationStore } from './events.ts'
import type { Operation } from './schemas.ts'
import type { operations } from './tables.ts'

export type OperationRow = typeof operations.$inferSelect

/** A page takes a few seconds, most of which a queue waits for company. */
export const ASK_AGAIN_SECONDS = 5

export interface ShownOperation {
  operation: Operation
  /** What the caller may do and see next. */
  actions: Record<string, { path: string; method?: string }>
}

export function isFinished({ state }: Pick<OperationRow, 'state'>): boolean {
  return state !== 'pending' && state !== 'running'
}

export function showOperation(store: OperationStore, row: OperationRow): ShownOperation {
  const id = `${store}.${row.id}`
  const path = `/operations/${id}`
  return {
    operation: {
      ...{ id, kind: row.kind, state: row.state },
      progress: { done: row.done, total: row.total },
      createdAt: isoTime(row.createdAt),
      startedAt: isoTimeOrNull(row.startedAt),
      finishedAt: isoTimeOrNull(row.finishedAt),
      result: resultOf(row),
      error: row.error,
    },
    actions: {
      self: { path },
      ...(isFinished(row) ? {} : { cancel: { path: `${path}/cancel`, method: 'POST' } }),
      ...(row.state === 'succeeded' ? { result: { path: row.resultPath } } : {}),
    },
  }
}

/** Written by `runPage` alone, as counts. */
function resultOf({ result }: OperationRow): Operation['result'] {
  return result as Operation['result']
}
