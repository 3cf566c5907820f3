import { monthlyBill } from './bill.ts'
import type { Inputs } from './inputs.ts'
import { type Amounts, addTo, amountsOf, type Ledger, type LedgerEntry, type Ops, opsOf } from './ledger.ts'

/** A change by which the bill is another one. Nothing of it is built. */
interface Saving {
  what: string
  change: (inputs: Inputs) => Inputs
}

const SAMPLED = 0.1

export const SAVINGS: readonly Saving[] = [
  {
    what: 'a room shares its time of activity above 20 members, not above 100',
    change: (inputs) => {
      const crowd = inputs.behaviour.chat.rooms.find(({ members }) => members > 100)
      const written = crowd === undefined ? 0 : amountsOf(opsOf(inputs, crowd).ops)
      const rows = written === 0 ? 0 : (written['d1.core.written'] ?? 0)
      return inputs.behaviour.chat.rooms
        .filter(({ members }) => members > 20)
        .reduce((changed, { entry }) => withEntry(changed, entry, { 'd1.core.written': rows }), inputs)
    },
  },
  {
    what: 'a tenth of the invocations is logged (`head_sampling_rate`)',
    change: (inputs) => {
      const { logBytesAnInvocation, logBytesAnObjectCall } = inputs.behaviour.machine
      return withMachine(inputs, {
        logBytesAnInvocation: logBytesAnInvocation * SAMPLED,
        logBytesAnObjectCall: logBytesAnObjectCall * SAMPLED,
      })
    },
  },
]

/** The monthly bill with each of them alone, what saves most first, and with all of them. */
export function savingRows(inputs: Inputs, users: number): { what: string; net: number }[] {
  const rows = SAVINGS.map(({ what, change }) => ({ what, net: monthlyBill(change(inputs), users).net }))
  const all = SAVINGS.reduce((changed, { change }) => change(changed), inputs)
  return [
    { what: 'as it is', net: monthlyBill(inputs, users).net },
    ...rows.toSorted((a, b) => a.net - b.net),
    { what: 'all of them', net: monthlyBill(all, users).net },
  ]
}

function withMachine(inputs: Inputs, machine: Partial<Inputs['behaviour']['machine']>): Inputs {
  const { behaviour } = inputs
  return { ...inputs, behaviour: { ...behaviour, machine: { ...behaviour.machine, ...machine } } }
}

/** An entry with other figures, wherever it stands. */
function withEntry(inputs: Inputs, name: string, figures: Amounts): Inputs {
  const change = (ledger: Ledger): Ledger => ({
    ...ledger,
    entries: ledger.entries.map((entry) => (entry.name === name ? changed(entry, figures) : entry)),
  })
  return { ...inputs, ledger: change(inputs.ledger), estimates: change(inputs.estimates) }
}

function changed(entry: LedgerEntry, figures: Amounts): LedgerEntry {
  const amounts = amountsOf(entry.large)
  addTo(amounts, Object.fromEntries(Object.entries(figures).map(([name, n]) => [name, n - (amounts[name] ?? 0)])))
  const ops = opsFrom(amounts)
  return { ...entry, small: ops, large: ops }
}

/** The other way round than `amountsOf`. */
function opsFrom(amounts: Amounts): Ops {
  const root: Record<string, unknown> = {}
  for (const [name, n] of Object.entries(amounts)) {
    const path = name.split('.')
    const last = path.pop() ?? name
    let at = root
    for (const part of path) {
      at[part] ??= {}
      at = at[part] as Record<string, unknown>
    }
    at[last] = n
  }
  return root as Ops
}
