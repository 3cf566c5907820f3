import { commitsOf } from './batches.ts'
import { dailyOf, type Writes } from './day.ts'
import type { Inputs } from './inputs.ts'
import type { DatabaseKey } from './ledger.ts'

/** A change of the design, by what it makes of the writes to a database. Nothing of it is built. */
export interface Option {
  what: string
  cost: string
  /** How often an act of writing is left with it: 1 changes nothing, 0 takes it away. */
  leaves: (write: Writes) => number
}

const SHARDS = 16

/** The ones that leave most come last; each is taken together with those before it. */
export const OPTIONS: readonly Option[] = [
  {
    what: `core and activity are ${SHARDS} databases each, by a hash of the person, rooms by a hash of the room`,
    cost: 'lists that join rooms and people ask two databases; addresses and names need an index of their own',
    leaves: () => 1 / SHARDS,
  },
]

export interface OptionRow {
  what: string
  cost: string
  writes: Record<'core' | 'activity', number>
}

/** Writes a second at peak as the design stands, and with one more of the options in each row. */
export function optionRows(inputs: Inputs, users: number): OptionRow[] {
  const all = commitsOf(inputs, users, dailyOf(inputs).writes)
  const left = (taken: readonly Option[], database: DatabaseKey) =>
    all
      .filter(({ write }) => write.database === database)
      .reduce((sum, { write, commits }) => sum + taken.reduce((times, { leaves }) => times * leaves(write), commits), 0)
  const row = (taken: readonly Option[], { what, cost }: Pick<Option, 'what' | 'cost'>): OptionRow => ({
    ...{ what, cost },
    writes: { core: left(taken, 'core'), activity: left(taken, 'activity') },
  })
  return [row([], { what: 'as it is', cost: '' }), ...OPTIONS.map((option, i) => row(OPTIONS.slice(0, i + 1), option))]
}
