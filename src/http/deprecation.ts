import { DAY_MS, SECOND_MS } from '../platform/clock.ts'

/** That a route goes, and what takes its place: said by its contract, printed by documents, told with every answer. */
export interface Deprecation {
  /** From when on it should not be used by what is new, and the last moment in which it answers. */
  since: Date
  sunset: Date
  /** The path of its successor. */
  successor: string
  /** The page that tells people what has changed. */
  docs: string
}

/** An old version is kept for so long. */
const MONTHS_KEPT = 12

/**
 * All that is told of it follows from one date.
 * @param since `YYYY-MM-DD`, in UTC
 */
export function deprecatedSince(
  since: string,
  { successor, docs }: Pick<Deprecation, 'successor' | 'docs'>,
): Deprecation {
  const from = new Date(`${since}T00:00:00Z`)
  const until = new Date(from)
  until.setUTCMonth(until.getUTCMonth() + MONTHS_KEPT)
  return { since: from, sunset: new Date(until.getTime() - SECOND_MS), successor, docs }
}

/** RFC 9745 has the beginning as a structured date, RFC 8594 the end as an HTTP date; ours say the same to people. */
export function deprecationHeaders({ since, sunset, successor, docs }: Deprecation): Record<string, string> {
  return {
    Deprecation: `@${since.getTime() / SECOND_MS}`,
    Sunset: sunset.toUTCString(),
    Link: `<${successor}>; rel="successor-version", <${docs}>; rel="deprecation"; type="text/html"`,
    'X-API-Deprecated': 'true',
    'X-API-Sunset': sunset.toISOString().slice(0, 'YYYY-MM-DD'.length),
  }
}

/** How many whole days are left; 0 on the last one and after it. */
export function daysLeft({ sunset }: Deprecation, now: number): number {
  return Math.max(0, Math.floor((sunset.getTime() - now) / DAY_MS))
}
