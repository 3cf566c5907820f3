import { useLayoutEffect, useState } from 'preact/hooks'

/** A value that parts of the page look at. It is replaced, never changed in place. */
export interface Store<T> {
  readonly value: T
  set(change: Partial<T> | ((now: T) => Partial<T>)): void
  subscribe(listener: () => void): () => void
}

export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get value() {
      return value
    },
    set(change) {
      value = { ...value, ...(typeof change === 'function' ? change(value) : change) }
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useStore<T extends object>(store: Store<T>): T {
  const [, redraw] = useState({})
  const { value } = store
  useLayoutEffect(() => {
    // It may have changed between drawing and now.
    if (store.value !== value) redraw({})
    return store.subscribe(() => redraw({}))
  }, [store])
  return value
}
