import type { SQL } from 'drizzle-orm'
import type * as z from 'zod'
import type { Permission, ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'

/** Work that is done page by page. A page that throws a refusal ends it; anything else is tried again by the queue. */
export interface OperationKind<I, P> {
  /** Stable: it is in rows. */
  name: string
  input: z.ZodType<I>
  /** Where a page begins; of plain JSON. */
  place: z.ZodType<P>
  /** What its owner must hold of, before each page: whoever may no more begin such work does not go on with it. */
  needs(input: I): readonly [Permission, ...Permission[]]
  /** Before the first page: where it begins, and how many things there are. */
  begin(ctx: ServiceContext, input: I): Promise<{ place: P; total: number }>
  /** Reads what the page is about, and says what it would change. */
  page(ctx: ServiceContext, input: I, place: P): Promise<OperationPage<P>>
  /** After the pages of a delivery, where one was committed. */
  after?(ctx: ServiceContext): Promise<unknown>
}

export interface OperationPage<P> {
  /** What the page changes and tells, committed with its progress or not at all. */
  steps: Step[]
  /** A condition on what was read: where it no longer holds, the page is read again. */
  holds: SQL
  /** How many things it has gone through. */
  done: number
  place: P
  isLast: boolean
  /** Counts of all that was done so far. */
  result: Record<string, number>
}

/** Of any input and place: each is parsed by its kind before it is used. */
export type AnyKind = OperationKind<never, never>

/** One of several kinds, whose inputs and places are its own. */
export function anyKind<I, P>(kind: OperationKind<I, P>): AnyKind {
  return kind as unknown as AnyKind
}
