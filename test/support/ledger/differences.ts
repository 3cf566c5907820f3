import { type Entry, type Ledger, tallyOf } from './ops.ts'

const SIZES = ['small', 'large'] as const
const ADVICE = '`npm run cost -- --update` keeps what is measured now'

/** A line for each figure that is not the kept one, and for each entry that only one side has. */
export function differences(kept: Ledger, measured: readonly Entry[]): string[] {
  const known = new Map(kept.entries.map((entry) => [entry.name, entry]))
  const names = new Set(measured.map(({ name }) => name))
  return [
    ...measured.flatMap((entry) => {
      const before = known.get(entry.name)
      return before ? differencesOf(before, entry) : [`${entry.name} is measured and not kept; ${ADVICE}`]
    }),
    ...kept.entries.flatMap(({ name }) => (names.has(name) ? [] : [`${name} is kept and not measured; ${ADVICE}`])),
  ]
}

function differencesOf(kept: Entry, measured: Entry): string[] {
  return SIZES.flatMap((size) => {
    const [before, now] = [tallyOf(kept[size]), tallyOf(measured[size])]
    const places = [...new Set([...before.keys(), ...now.keys()])].filter(
      (place) => before.get(place) !== now.get(place),
    )
    if (places.length === 0) return []
    const figures = places.map((place) => `${place} ${now.get(place) ?? 0}, kept ${before.get(place) ?? 0}`)
    return [`${measured.name} (${size}): ${figures.join('; ')}; ${ADVICE}`]
  })
}
