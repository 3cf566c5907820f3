import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export interface Latest<T> {
  /** What came last. It stays while what is asked for now is under way, and where that fails. */
  data: T | null
  isLoading: boolean
  problem: unknown
  reload: () => void
}

type State<T> = Pick<Latest<T>, 'data' | 'isLoading' | 'problem'>

/**
 * As `useLoad`, but what was there for the old `deps` stays until the new is there, so that a list does not vanish under
 * whoever types. A call that is no longer wanted is aborted.
 * @param load rejects with an `ApiError`
 */
export function useLatest<T>(load: (signal: AbortSignal) => Promise<T>, deps: readonly unknown[]): Latest<T> {
  const [state, setState] = useState<State<T>>({ data: null, isLoading: true, problem: null })
  const [again, setAgain] = useState(0)
  const current = useRef(load)
  current.current = load

  useEffect(() => {
    const stop = new AbortController()
    setState(({ data }) => ({ data, isLoading: true, problem: null }))
    current.current(stop.signal).then(
      (data) => stop.signal.aborted || setState({ data, isLoading: false, problem: null }),
      (problem: unknown) =>
        stop.signal.aborted || setState(({ data }) => ({ data, isLoading: false, problem: problem ?? 'failed' })),
    )
    return () => stop.abort()
  }, [...deps, again])

  return { ...state, reload: useCallback(() => setAgain((count) => count + 1), []) }
}
