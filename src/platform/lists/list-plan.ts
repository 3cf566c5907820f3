import type { ListDefinition, TreeIndex, WordIndex } from './list-definition.ts'
import type { Condition, ListQuery, SortKey } from './list-query.ts'

/** Where rows come from before they are compared: an index, a match of words, or the table in its order. */
export type Source = { index: string | undefined } | { table: string; match: string }

export type Plan =
  /** In the order that is wanted, so a page ends where it is full. */
  | { kind: 'walk'; source: Source }
  /** By several keys, of which an index has the first. */
  | { kind: 'window'; source: Source }
  /** In another order, so all of them are read and sorted: there may not be many. */
  | { kind: 'candidates'; source: Source; within: readonly Condition[] }
  | { kind: 'nothing' }

type Known = Pick<ListDefinition, 'trees' | 'words'> & { time: { field: string } }

/**
 * The keys that decide: nothing comes after the time of making, as no two rows share their place in it; and after
 * another key of its direction it says what the id says, as ids sort by the time of their making.
 */
export function decidingKeys(timeField: string, sort: readonly SortKey[]): SortKey[] {
  const end = sort.findIndex(({ field }) => field === timeField)
  if (end === -1) return [...sort]
  const isSaidById = end > 0 && sort[end - 1]?.direction === sort[end]?.direction
  return sort.slice(0, isSaidById ? end : end + 1)
}

/**
 * How a list is found, decided from its definition alone. A walk reads what it answers; candidates read all that match
 * the source and `within`, which is why whoever asks counts them first.
 */
export function planList({ trees, words, time }: Known, query: ListQuery): Plan {
  const keys = decidingKeys(time.field, query.sort)
  const [key] = keys
  const isByTime = keys.length === 1 && key?.field === time.field
  const conditions = query.conditions.filter(({ field }) => field !== time.field)
  const isTimeFree = conditions.length === query.conditions.length
  if (query.search === undefined && (isByTime || isTimeFree)) {
    if (isByTime && conditions.length === 0) return { kind: 'walk', source: { index: undefined } }
    const tree = trees.find((one) => one.sort === key?.field && isKeptBy(one, conditions))
    if (tree) return { kind: keys.length === 1 ? 'walk' : 'window', source: { index: tree.name } }
  }
  const index = words.find((one) => one.fits(query))
  if (!index) throw new Error('No index of the list fits the query')
  return byWords(index, trees, { ...query, conditions }, isByTime)
}

function byWords(index: WordIndex, trees: readonly TreeIndex[], query: ListQuery, isByTime: boolean): Plan {
  const match = index.match(query)
  if (match === null) return { kind: 'nothing' }
  const others = query.conditions.filter(({ field }) => !index.covers.includes(field))
  const source: Source = match === undefined ? { index: undefined } : { table: index.table, match }
  if (others.length === 0 && isByTime) return { kind: 'walk', source }
  if (query.search === undefined) {
    // A range that no words tell is narrower in an index of its own.
    const tree = trees.find(
      (one) => others.some(({ field }) => field === one.sort) && isKeptBy(one, query.conditions, true),
    )
    if (tree) {
      const within = query.conditions.filter(({ field }) => tree.equal.includes(field) || tree.sort === field)
      return { kind: 'candidates', source: { index: tree.name }, within }
    }
  }
  return { kind: 'candidates', source, within: [] }
}

/** Whether the conditions are the beginning of the index: its equal fields, and a range of what it is sorted by. */
function isKeptBy(tree: TreeIndex, conditions: readonly Condition[], orMore = false): boolean {
  const equal = conditions
    .filter(({ field, op }) => op === 'eq' && tree.equal.includes(field))
    .map(({ field }) => field)
  const ranges = conditions.filter(({ field, op }) => field === tree.sort && op !== 'ne' && op !== 'in')
  const isWhole = equal.length === tree.equal.length && new Set(equal).size === equal.length
  return isWhole && (orMore || equal.length + ranges.length === conditions.length)
}
