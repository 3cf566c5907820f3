import { MINUTE_MS } from '../clock.ts'

/**
 * What is counted, by the names that Prometheus would have for it. A label stands behind a bar and comes from a closed
 * list of ours, so that no caller can make up a series.
 */
export const FIGURE = {
  /** By the first digit of the status. */
  requests: 'http_requests_total',
  /** A histogram, as `recordTime` keeps it. */
  latency: 'http_request_duration_ms',
  d1Trips: 'd1_trips_total',
  d1Queries: 'd1_queries_total',
  d1RowsRead: 'd1_rows_read_total',
  d1RowsWritten: 'd1_rows_written_total',
  objectHops: 'object_calls_total',
  objectRowsRead: 'object_rows_read_total',
  objectRowsWritten: 'object_rows_written_total',
  queueSends: 'queue_sends_total',
  /** By what became of them: `handled`, `failed` (and tried again, or not), `buried`. */
  messages: 'queue_messages_total',
  /** A histogram: from the event to its effect. */
  lag: 'queue_lag_ms',
  /** By policy. */
  refused: 'rate_limit_refused_total',
  /** Uses of what goes, by route. */
  deprecated: 'deprecated_requests_total',
  /** A gauge, by lane. */
  backlog: 'queue_backlog',
  /** A gauge, by kind. */
  sockets: 'open_sockets',
} as const

/** Series to number. */
export type Counts = Record<string, number>

export function series(name: string, label: string): string {
  return `${name}|${label}`
}

/** Of several values of a gauge in one bucket the highest stands; everything else is added up. */
export function mergeCounts(into: Counts, from: Counts): void {
  for (const [name, n] of Object.entries(from)) {
    const before = into[name] ?? 0
    into[name] = name.startsWith(FIGURE.backlog) ? Math.max(before, n) : before + n
  }
}

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS
}

/** Upper ends of a histogram's buckets, in milliseconds; what is beyond the last counts as `inf`. */
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000] as const

/** The series of the bucket that a time falls into. */
export function bucketOf(name: string, ms: number): string {
  return series(name, String(BOUNDS.find((bound) => ms <= bound) ?? 'inf'))
}

/**
 * The time that so large a share took at most, estimated as if times were spread evenly within their bucket, as
 * Prometheus does it; null where nothing was counted.
 */
export function quantileOf(counts: Counts, name: string, share: number): number | null {
  const buckets = [...BOUNDS.map(String), 'inf'].map((label) => counts[series(name, label)] ?? 0)
  const wanted = buckets.reduce((sum, n) => sum + n, 0) * share
  if (wanted === 0) return null
  let seen = 0
  for (const [i, n] of buckets.entries()) {
    if (n > 0 && seen + n >= wanted) {
      const from = BOUNDS[i - 1] ?? 0
      const to = BOUNDS[i] ?? from
      return Math.round((from + ((to - from) * (wanted - seen)) / n) * 10) / 10
    }
    seen += n
  }
  return BOUNDS.at(-1) ?? null
}
