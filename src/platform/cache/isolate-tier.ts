import { type CacheEntry, type CacheTier, isStamped, newStamp } from './cache-tier.ts'

const MOST_ENTRIES = 1_000
const MOST_BYTES = 4 * 1024 * 1024
/** Of all bytes, so that one value does not push out all others. */
const LARGEST_PART = 1 / 4
const MOST_TAGS = 1_000

/** The memory of an isolate: what was not used for longest goes first. */
export class IsolateTier implements CacheTier {
  readonly name = 'isolate'
  readonly isRemote = false
  readonly #entries = new Map<string, CacheEntry>()
  readonly #stamps = new Map<string, string>()
  readonly #mostEntries: number
  readonly #mostBytes: number
  #bytes = 0

  constructor({ mostEntries = MOST_ENTRIES, mostBytes = MOST_BYTES } = {}) {
    this.#mostEntries = mostEntries
    this.#mostBytes = mostBytes
  }

  get size(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes }
  }

  async look(key: string, tags: readonly string[]) {
    const stamps = tags.map((tag) => this.#stampOf(tag))
    const entry = this.#entries.get(key)
    if (entry === undefined) return { entry, stamps }
    this.#remove(key)
    if (!isStamped(entry, stamps)) return { entry: undefined, stamps }
    this.#put(key, entry)
    return { entry, stamps }
  }

  async keep(key: string, entry: CacheEntry): Promise<void> {
    this.#remove(key)
    if (bytesOf(key, entry) > this.#mostBytes * LARGEST_PART) return
    this.#put(key, entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#mostEntries && this.#bytes <= this.#mostBytes) break
      this.#remove(oldest)
    }
  }

  async raise(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#stamps.delete(tag)
  }

  #put(key: string, entry: CacheEntry): void {
    this.#entries.set(key, entry)
    this.#bytes += bytesOf(key, entry)
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= bytesOf(key, entry)
  }

  #stampOf(tag: string): string {
    const stamp = this.#stamps.get(tag) ?? newStamp()
    this.#stamps.delete(tag)
    this.#stamps.set(tag, stamp)
    const oldest = this.#stamps.keys().next().value
    if (this.#stamps.size > MOST_TAGS && oldest !== undefined) this.#stamps.delete(oldest)
    return stamp
  }
}

/** A character may take two. */
function bytesOf(key: string, { text, stamps }: CacheEntry): number {
  return 2 * (key.length + text.length + stamps.join('').length)
}
