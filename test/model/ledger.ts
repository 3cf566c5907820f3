import * as z from 'zod'

export type DatabaseKey = 'core' | 'activity' | 'catalog'
export const DATABASE_KEYS: readonly DatabaseKey[] = ['core', 'activity', 'catalog']

const Count = z.number().nonnegative().optional()
const D1Ops = z.strictObject({ queries: Count, read: Count, written: Count })
/** `frames` are messages of WebSockets that come in; an alarm that is set is among what is written. */
const ObjectOps = z.strictObject({ requests: Count, frames: Count, read: Count, written: Count, alarms: Count })

/** What one act causes in the end. What is zero is left out. */
const Ops = z.strictObject({
  /** Invocations of the Worker in all: the request, each batch of a queue, each cron. */
  worker: Count,
  d1: z.strictObject({ core: D1Ops.optional(), activity: D1Ops.optional(), catalog: D1Ops.optional() }).optional(),
  /** By the name of the binding. */
  objects: z.record(z.string(), ObjectOps).optional(),
  queue: z.strictObject({ writes: Count, deliveries: Count }).optional(),
  kv: z.strictObject({ reads: Count, writes: Count, deletes: Count, lists: Count }).optional(),
  r2: z.strictObject({ classA: Count, classB: Count }).optional(),
  redis: Count,
  limiter: Count,
  mail: Count,
  workflow: z.strictObject({ instances: Count, steps: Count }).optional(),
  analytics: Count,
})
export type Ops = z.output<typeof Ops>

const LedgerEntry = z.object({ name: z.string(), kind: z.string(), small: Ops, large: Ops })
export type LedgerEntry = z.output<typeof LedgerEntry>

/** The form of test/cost-ledger.json, and of what is estimated. */
export const Ledger = z.object({ measured: z.string(), entries: z.array(LedgerEntry) })
export type Ledger = z.output<typeof Ledger>

export interface Ledgers {
  ledger: Ledger
  estimates: Ledger
}

/** An entry by its name. */
export interface Named {
  entry: string
  /** In the small world: where a thousand of everything is more than people have. */
  isSmall?: boolean
}

/** Every figure of an `Ops`, flat, so that adding up and scaling need no knowledge of its form. */
export type Amounts = Record<string, number>

/** `{ d1: { core: { read: 3 } } }` is `{ 'd1.core.read': 3 }`. */
export function amountsOf(ops: object, prefix = ''): Amounts {
  const flat: Amounts = {}
  for (const [name, value] of Object.entries(ops)) {
    if (typeof value === 'number') flat[`${prefix}${name}`] = value
    else if (typeof value === 'object' && value !== null) Object.assign(flat, amountsOf(value, `${prefix}${name}.`))
  }
  return flat
}

/** Adds so many times `from` to `into`, which it changes. */
export function addTo(into: Amounts, from: Amounts, times = 1): void {
  for (const [name, n] of Object.entries(from)) into[name] = (into[name] ?? 0) + n * times
}

/** The sum of all figures whose name fits: `sumOf(amounts, /^d1\..*\.read$/)`. */
export function sumOf(amounts: Amounts, name: RegExp): number {
  return Object.entries(amounts).reduce((sum, [key, n]) => (name.test(key) ? sum + n : sum), 0)
}

/**
 * What an act costs, in the world with a thousand of everything unless another one is named. What nobody measures is
 * estimated.
 * @throws Error where neither says anything of it: a behaviour that nobody has costs nothing by mistake
 */
export function opsOf(
  { ledger, estimates }: Ledgers,
  { entry: name, isSmall }: Named,
): { ops: Ops; isEstimated: boolean } {
  const measured = ledger.entries.find((entry) => entry.name === name)
  const found = measured ?? estimates.entries.find((entry) => entry.name === name)
  if (!found) throw new Error(`Neither test/cost-ledger.json nor test/model/estimates.json knows ${name}`)
  return { ops: isSmall ? found.small : found.large, isEstimated: measured === undefined }
}
