type Bindings = Record<string, unknown>

const LIMIT = /^LIMIT_/

/** What the Worker is given in place of its bindings: found once, as they are the same for all requests. */
const given = new WeakMap<Bindings, Bindings>()

/**
 * The platform counts requests in the memory of the machine that they reach. Miniflare writes a row into a database for
 * each instead, which costs more than the request: here they are counted in memory.
 */
export function withCounters(env: Bindings): Bindings {
  let counted = given.get(env)
  if (!counted) {
    const limits = Object.keys(env).filter((name) => LIMIT.test(name))
    counted = { ...env, ...Object.fromEntries(limits.map((name) => [name, new Counter()])) }
    given.set(env, counted)
  }
  return counted
}

const WINDOW_MS = 60_000

/** Counts everybody, and refuses nobody. */
class Counter implements RateLimit {
  readonly #counts = new Map<string, { window: number; count: number }>()

  limit({ key }: RateLimitOptions): Promise<RateLimitOutcome> {
    const window = Math.floor(Date.now() / WINDOW_MS)
    const known = this.#counts.get(key)
    if (known?.window === window) known.count += 1
    else this.#counts.set(key, { window, count: 1 })
    return Promise.resolve({ success: true })
  }
}
