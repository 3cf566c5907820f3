/** Numbers in [0, 1) from a seed: a linear congruence, whose high bits are good enough to draw lots. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Lots that fall the same way for the same seed. */
export class Lots {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomOf(seed)
    // Neighbouring seeds have neighbouring first numbers.
    for (let n = 0; n < 4; n += 1) this.#random()
  }

  /** From `from` up to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  /** @throws Error where there is nothing to pick from */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)]
    if (item === undefined) throw new Error('There is nothing to pick from')
    return item
  }

  /** One of the names, each as likely as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries<number>(weights) as [K, number][]
    let left = this.#random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    throw new Error('There is nothing to pick from')
  }
}
