/** What the platform says when a store, object or queue did not answer, or lost the connection while it did. */
const LOST =
  /network connection lost|connection (?:was )?(?:reset|closed|refused)|timed? ?out|internal error|object to be reset|cannot resolve|storage caused|failed to (?:fetch|connect)/i
const OVERLOADED = /overloaded|too many requests|exceeded .* limit|try again/i

/**
 * `lost`: no verdict came, so the call may have had its effect or not. `overloaded`: it was turned away, and
 * asking again at once makes it worse. Undefined for everything else: a verdict, or a mistake of ours.
 */
export function whyUnavailable(error: unknown): 'lost' | 'overloaded' | undefined {
  if (!(error instanceof Error)) return undefined
  const flags = error as { overloaded?: unknown; retryable?: unknown }
  // SQLite's own word is a verdict, whatever else stands in the text.
  if (/SQLITE_/.test(error.message)) return undefined
  if (flags.overloaded === true || OVERLOADED.test(error.message)) return 'overloaded'
  if (flags.retryable === true || LOST.test(error.message)) return 'lost'
  return whyUnavailable(error.cause)
}
