import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'

export interface Loaded<T> {
  status: 'loading' | 'ready' | 'failed'
  /** What came last. It stays while it is loaded again, so that nothing jumps. */
  data: T | null
  problem: unknown
  reload: () => void
  /** Puts what an action has answered in the place of what was loaded. */
  change: (change: (data: T) => T) => void
}

type State<T> = Pick<Loaded<T>, 'status' | 'data' | 'problem'>

/**
 * Loads when it is drawn and when `deps` change; what is no longer wanted is aborted, and forgotten if it comes.
 * @param load rejects with an `ApiError`
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, deps: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<State<T>>({ status: 'loading', data: null, problem: null })
  const [again, setAgain] = useState(0)
  const loads = useRef({ again })

  // Before the browser paints: what belonged to the old `deps` is not shown under the new ones.
  useLayoutEffect(() => {
    const stop = new AbortController()
    const isReload = loads.current.again !== again
    loads.current.again = again
    setState(({ data }) => ({ status: 'loading', data: isReload ? data : null, problem: null }))
    load(stop.signal).then(
      (data) => stop.signal.aborted || setState({ status: 'ready', data, problem: null }),
      (problem: unknown) => stop.signal.aborted || setState(({ data }) => ({ status: 'failed', data, problem })),
    )
    return () => stop.abort()
  }, [...deps, again])

  const reload = useCallback(() => setAgain((count) => count + 1), [])
  const change = useCallback((by: (data: T) => T) => {
    setState((now) => (now.data === null ? now : { ...now, data: by(now.data) }))
  }, [])
  return { ...state, reload, change }
}
