/** At most one thing to do later. */
export class Timer {
  #handle: ReturnType<typeof setTimeout> | null = null

  get isSet(): boolean {
    return this.#handle !== null
  }

  set(ms: number, work: () => void): void {
    this.clear()
    this.#handle = setTimeout(() => {
      this.#handle = null
      work()
    }, ms)
  }

  clear(): void {
    if (this.#handle !== null) clearTimeout(this.#handle)
    this.#handle = null
  }
}
