/** Of all with the same key the one with the highest version: what a batch that compares versions has to write. */
export function newestOfEach<T extends { version: number }>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const newest = new Map<string, T>()
  for (const one of all) {
    const key = keyOf(one)
    const known = newest.get(key)
    if (!known || one.version > known.version) newest.set(key, one)
  }
  return [...newest.values()]
}
