interface Effects<Value> {
  show(value: Value): void
  /** Answers what is stored then. */
  store(value: Value): Promise<Value>
  onProblem(problem: unknown): void
}

/**
 * Shows each choice at once and stores one after the other; one that was overtaken while it waited is not stored. Where
 * the last one is refused, what is stored is shown again.
 */
export function createLatestChoice<Value extends string>({ show, store, onProblem }: Effects<Value>) {
  /** One at most. */
  const waiting: Value[] = []
  let isStoring = false

  /** @param before what is stored now, as far as the page knows */
  return async (chosen: Value, before: Value): Promise<void> => {
    show(chosen)
    waiting.splice(0, 1, chosen)
    if (isStoring) return
    isStoring = true
    let stored = before
    for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) {
      try {
        stored = await store(value)
      } catch (problem) {
        onProblem(problem)
      }
      if (waiting.length === 0) show(stored)
    }
    isStoring = false
  }
}
