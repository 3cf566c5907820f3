/** What of a browser's storage is needed. It may refuse, for instance when it is full. */
export interface Shelf {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The browser's own, or one that ends with the page where that is forbidden. */
export function openShelf(): Shelf {
  try {
    return localStorage
  } catch {
    return memoryShelf()
  }
}

export function memoryShelf(kept = new Map<string, string>()): Shelf {
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}

/** Calls back with the key that another tab has changed; null stands for all of them. Returns the way to stop. */
export function onOtherTabs(listener: (key: string | null) => void): () => void {
  const heard = ({ key }: StorageEvent) => listener(key)
  addEventListener('storage', heard)
  return () => removeEventListener('storage', heard)
}

export function keysOf(shelf: Shelf, prefix: string): string[] {
  const keys: string[] = []
  for (let index = 0; index < shelf.length; index += 1) {
    const key = shelf.key(index)
    if (key?.startsWith(prefix)) keys.push(key)
  }
  return keys
}

export function clearShelf(shelf: Shelf, prefix: string): void {
  for (const key of keysOf(shelf, prefix)) attempt(() => shelf.removeItem(key))
}

/** Without storage everything works, and lives as long as its page. */
export function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // Full, or forbidden: nothing a person could do about it here.
  }
}
