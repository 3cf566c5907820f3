import type { Costs } from '../platform/observability/meter.ts'

/** Rows that do not grow with the data: a number, or so many for each item that is answered and a few besides. */
export type RowBudget = number | { perItem: number; besides: number }

/** The most that one request may cost, objects that it calls included. What is deferred counts as well. */
export interface CostBudget {
  /** Round trips to D1; a batch is one. */
  trips: number
  /** The longest chain of trips that wait for one another. */
  sequential: number
  rowsRead: RowBudget
  rowsWritten: number
  /** Calls to Durable Objects. */
  hops: number
  /** Messages put on queues. */
  sends: number
}

/** No store, no object, no queue. */
export const COSTS_NOTHING: CostBudget = {
  trips: 0,
  sequential: 0,
  rowsRead: 0,
  rowsWritten: 0,
  hops: 0,
  sends: 0,
}

/** Which of its budgets a request went over, in words; empty where it kept them all. */
export function overspent(budget: CostBudget, costs: Costs, items: number): string[] {
  const { rowsRead } = budget
  const allowed: [string, number, number][] = [
    ['D1 trips', costs.d1Trips, budget.trips],
    ['sequential D1 trips', costs.d1SequentialTrips, budget.sequential],
    [
      'rows read',
      costs.d1RowsRead + costs.objectRowsRead,
      typeof rowsRead === 'number' ? rowsRead : rowsRead.perItem * items + rowsRead.besides,
    ],
    ['rows written', costs.d1RowsWritten + costs.objectRowsWritten, budget.rowsWritten],
    ['object hops', costs.objectHops, budget.hops],
    ['queue sends', costs.queueSends, budget.sends],
  ]
  return allowed.flatMap(([what, spent, most]) => (spent > most ? [`${spent} ${what}, allowed ${most}`] : []))
}
