import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Spinner } from '../../components/spinner.tsx'
import type { LoadState } from './history-loader.ts'

const LOAD_AHEAD_PX = 600

interface HistoryEdgeProps {
  side: 'older' | 'newer'
  state: LoadState
  hasMore: boolean
  load: () => Promise<void>
  frame: RefObject<HTMLDivElement | null>
  /** Said where there is no more. */
  end: string
}

const WORDS = { older: 'earlier', newer: 'later' }

/** Where what is loaded ends: the next page comes before the reader does. */
export function HistoryEdge({ side, state, hasMore, load, frame, end }: HistoryEdgeProps) {
  const edge = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!edge.current || !hasMore || state !== 'idle') return
    const near = new IntersectionObserver(([seen]) => seen?.isIntersecting && void load(), {
      root: frame.current,
      rootMargin: `${LOAD_AHEAD_PX}px 0px`,
    })
    near.observe(edge.current)
    return () => near.disconnect()
  }, [load, hasMore, state, frame])

  return (
    <div class={`messages-edge ${hasMore ? '' : 'messages-beginning'}`} ref={edge} data-side={side}>
      {hasMore && state === 'loading' && (
        <>
          <Spinner /> Loading {WORDS[side]} messages
        </>
      )}
      {hasMore && state !== 'loading' && (
        <Button kind="text" onPress={() => void load()} testId={`load-${side}`}>
          {state === 'failed' ? `The ${WORDS[side]} messages did not load. Try again` : `Load ${WORDS[side]} messages`}
        </Button>
      )}
      {!hasMore && end}
    </div>
  )
}
