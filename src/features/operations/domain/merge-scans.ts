/** When an act was done, in milliseconds, and its id. */
type Place = [at: number, id: string]

interface Row {
  at: number
  id: string
}

export interface Scan<R extends Row> {
  /** The newest first; of those, more than a page only where there are more. */
  rows: readonly R[]
  /** Where the look ended because it had seen enough; what comes after that may fit too. */
  stoppedAt: Place | undefined
}

/**
 * What several looks at different trails have found, as one look at all of them. Where one of them has ended early,
 * nobody knows what it holds further back: what others have found there waits for the next page.
 * @param limit of a page; a look that has more than that did not end before what the page shows
 */
export function mergeScans<R extends Row>(
  scans: readonly Scan<R>[],
  limit: number,
): { rows: R[]; stoppedAt: Place | undefined } {
  const stops = scans.flatMap(({ rows, stoppedAt }) => (stoppedAt && rows.length <= limit ? [stoppedAt] : []))
  const [stoppedAt] = stops.toSorted(newestFirst)
  const rows = scans
    .flatMap((scan) => scan.rows)
    .toSorted((a, b) => newestFirst([a.at, a.id], [b.at, b.id]))
    .filter(({ at, id }) => !stoppedAt || newestFirst([at, id], stoppedAt) <= 0)
  return { rows, stoppedAt }
}

function newestFirst([at, id]: Place, [otherAt, otherId]: Place): number {
  if (at !== otherAt) return otherAt - at
  // As SQLite compares them: by their bytes, in whatever language.
  return id < otherId ? 1 : id > otherId ? -1 : 0
}
