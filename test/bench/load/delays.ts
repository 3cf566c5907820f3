const SLOWEST_MS = 60_000

/** How long many things took, by the millisecond: a million of them cost no more memory than one. */
export class Delays {
  readonly #counts = new Uint32Array(SLOWEST_MS)
  #total = 0

  add(ms: number): void {
    const place = Math.min(SLOWEST_MS - 1, Math.floor(ms))
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
    this.#total += 1
  }

  /** So many of them took no longer than this, as a share: 0.99 for p99. */
  at(share: number): number {
    let passed = 0
    for (const [ms, count] of this.#counts.entries()) {
      passed += count
      if (passed >= this.#total * share) return ms + 1
    }
    return SLOWEST_MS
  }
}
