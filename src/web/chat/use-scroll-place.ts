import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '../../client/index.ts'

/** As close to the end as counts for being there. */
const AT_END_PX = 60

interface ScrollPlace {
  frame: RefObject<HTMLDivElement | null>
  /** Something arrived below what is looked at. */
  hasNews: boolean
  toNewest(): void
}

/** Stays at the end while the reader is there, and where the reader is when history grows above. */
export function useScrollPlace(messages: Message[], pendingCount: number): ScrollPlace {
  const frame = useRef<HTMLDivElement>(null)
  const [hasNews, setNews] = useState(false)
  const isAtEnd = useRef(true)
  const before = useRef({ first: 0, last: 0, pending: 0, height: 0 })

  const toNewest = () => {
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight
    isAtEnd.current = true
    setNews(false)
  }

  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const { first, last, pending, height } = before.current
    const now = { first: messages[0]?.seq ?? 0, last: messages.at(-1)?.seq ?? 0 }
    if (isAtEnd.current || pendingCount > pending) toNewest()
    else if (now.first < first) element.scrollTop += element.scrollHeight - height
    else if (now.last > last) setNews(true)
    before.current = { ...now, pending: pendingCount, height: element.scrollHeight }
  }, [messages, pendingCount])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    const onScroll = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX
      if (isAtEnd.current) setNews(false)
    }
    // A keyboard that slides in or a growing composer must not hide the newest message.
    const resized = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
    })
    element.addEventListener('scroll', onScroll, { passive: true })
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', onScroll)
      resized.disconnect()
    }
  }, [])

  return { frame, hasNews, toNewest }
}
