import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { lineOf } from './problem-words.ts'
import { toast } from './toast.tsx'

export interface PageOf<T> {
  items: T[]
  nextCursor: string | null
}

export interface Pages<T> {
  status: 'loading' | 'ready' | 'failed'
  items: T[]
  hasMore: boolean
  loadMore: () => void
  isLoadingMore: boolean
  problem: unknown
  reload: () => void
  /** What an action has changed, without asking again. */
  change: (change: (items: T[]) => T[]) => void
}

interface State<T> {
  status: Pages<T>['status']
  items: T[]
  cursor: string | null
  isLoadingMore: boolean
  problem: unknown
}

/**
 * A list that comes page by page, from its beginning when `deps` change. A further page that does not come leaves what
 * is there, and says so.
 * @param loadPage gets null for the first page; rejects with an `ApiError`
 */
export function usePages<T>(
  loadPage: (cursor: string | null, signal: AbortSignal) => Promise<PageOf<T>>,
  deps: readonly unknown[],
): Pages<T> {
  const [state, setState] = useState<State<T>>(() => ({ ...EMPTY }))
  const [again, setAgain] = useState(0)
  const current = useRef({ loadPage, stop: new AbortController(), again })
  current.current.loadPage = loadPage

  // Before the browser paints: what belonged to the old `deps` is not shown under the new ones.
  useLayoutEffect(() => {
    const stop = new AbortController()
    const isReload = current.current.again !== again
    Object.assign(current.current, { stop, again })
    setState(({ items }) => ({ ...EMPTY, items: isReload ? items : [] }))
    loadPage(null, stop.signal).then(
      ({ items, nextCursor: cursor }) => stop.signal.aborted || setState({ ...EMPTY, status: 'ready', items, cursor }),
      (problem: unknown) =>
        stop.signal.aborted || setState(({ items }) => ({ ...EMPTY, status: 'failed', items, problem })),
    )
    return () => stop.abort()
  }, [...deps, again])

  const loadMore = () => {
    const { stop } = current.current
    if (!state.cursor || state.isLoadingMore) return
    setState((now) => ({ ...now, isLoadingMore: true }))
    current.current.loadPage(state.cursor, stop.signal).then(
      ({ items, nextCursor: cursor }) =>
        stop.signal.aborted ||
        setState((now) => ({ ...now, items: [...now.items, ...items], cursor, isLoadingMore: false })),
      (problem: unknown) => {
        if (stop.signal.aborted) return
        setState((now) => ({ ...now, isLoadingMore: false }))
        toast({ text: lineOf(problem), tone: 'bad' })
      },
    )
  }
  const reload = useCallback(() => setAgain((count) => count + 1), [])
  const change = useCallback((by: (items: T[]) => T[]) => setState((now) => ({ ...now, items: by(now.items) })), [])
  const { status, items, cursor, isLoadingMore, problem } = state
  return { status, items, hasMore: cursor !== null, loadMore, isLoadingMore, problem, reload, change }
}

const EMPTY = { status: 'loading' as const, items: [], cursor: null, isLoadingMore: false, problem: null }
