import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Row } from './message-rows.ts'

/** As close to the end as counts for being there. */
const AT_END_PX = 60
/** What was read already stays in view above the line "new", for the connection. */
const ABOVE_NEW_PX = 90

interface Input {
  rows: Row[]
  pendingCount: number
  /** An older stretch is shown: its end is not the newest message. */
  isPast: boolean
  target: { seq: number } | null
  onAtEnd(): void
  onAway?(): void
}

export interface ScrollPlace {
  frame: RefObject<HTMLDivElement | null>
  /** Something arrived below what is looked at. */
  hasNews: boolean
  isAway: boolean
  toEnd(): void
}

/**
 * Stays at the end while the reader is there; else at the message that is looked at, whatever comes or goes above and
 * below it. A target is brought to the middle and gets the focus.
 */
export function useScrollPlace({ rows, pendingCount, isPast, target, onAtEnd, onAway }: Input): ScrollPlace {
  const frame = useRef<HTMLDivElement>(null)
  const [hasNews, setNews] = useState(false)
  const [isAway, setAway] = useState(false)
  const place = useRef({
    isAtEnd: true,
    size: '',
    anchor: null as Anchor | null,
    isPlaced: false,
    pending: 0,
    lastKey: '',
    target,
  })
  const latest = useRef({ isPast, onAtEnd, onAway })
  latest.current = { isPast, onAtEnd, onAway }

  const record = () => {
    const element = frame.current
    if (!element) return
    const size = `${element.clientHeight} ${element.scrollHeight}`
    // It was not the reader who has moved: the frame or what is in it has another size, and its observer comes later.
    if (size !== place.current.size && place.current.isAtEnd && !latest.current.isPast) {
      element.scrollTop = element.scrollHeight
    }
    place.current.size = size
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX
    place.current.isAtEnd = isAtEnd
    place.current.anchor = isAtEnd ? null : anchorOf(element)
    setAway(!isAtEnd || latest.current.isPast)
    if (!isAtEnd || latest.current.isPast) {
      latest.current.onAway?.()
      return
    }
    setNews(false)
    latest.current.onAtEnd()
  }
  const toEnd = () => {
    const element = frame.current
    if (element) element.scrollTop = element.scrollHeight
    place.current.isAtEnd = true
    record()
  }

  useLayoutEffect(() => {
    const element = frame.current
    const now = place.current
    if (!element || rows.length === 0) return
    const lastKey = rows.at(-1)?.key ?? ''
    const wanted = target !== now.target && target ? nearest(element, target.seq) : null
    const fresh = now.isPlaced ? null : element.querySelector<HTMLElement>('[data-line="new"]')
    if (wanted || fresh) now.isAtEnd = false
    if (wanted) {
      wanted.scrollIntoView({ block: 'center' })
      wanted.focus({ preventScroll: true })
      now.target = target
    } else if (fresh) element.scrollTop = fresh.offsetTop - ABOVE_NEW_PX
    else if (!now.isPlaced || pendingCount > now.pending || (now.isAtEnd && !isPast))
      element.scrollTop = element.scrollHeight
    else {
      if (now.anchor) restore(element, now.anchor)
      if (lastKey !== now.lastKey && !isPast) setNews(true)
    }
    now.isPlaced = true
    now.pending = pendingCount
    now.lastKey = lastKey
    record()
  }, [rows, pendingCount, isPast, target])

  useEffect(() => {
    const element = frame.current
    if (!element) return
    // A keyboard that slides in or a growing composer must not hide the newest message.
    const resized = new ResizeObserver(() => {
      if (place.current.isAtEnd && !latest.current.isPast) element.scrollTop = element.scrollHeight
      else if (place.current.anchor) restore(element, place.current.anchor)
    })
    element.addEventListener('scroll', record, { passive: true })
    resized.observe(element)
    // Chips, errors and unfolded messages grow inside without a new row.
    const content = element.firstElementChild
    if (content) resized.observe(content)
    return () => {
      element.removeEventListener('scroll', record)
      resized.disconnect()
    }
  }, [])

  return { frame, hasNews, isAway, toEnd }
}

interface Anchor {
  key: string
  top: number
}

const messagesIn = (element: HTMLElement) => element.querySelectorAll<HTMLElement>('[data-key]')

/** The first message in view, and how far below the upper edge it begins. */
function anchorOf(element: HTMLElement): Anchor | null {
  const all = messagesIn(element)
  let low = 0
  let high = all.length - 1
  const edge = element.scrollTop
  while (low < high) {
    const middle = (low + high) >> 1
    const one = all[middle]
    if (one && one.offsetTop + one.offsetHeight <= edge) low = middle + 1
    else high = middle
  }
  const first = all[low]
  return first ? { key: first.dataset.key ?? '', top: first.offsetTop - edge } : null
}

function restore(element: HTMLElement, { key, top }: Anchor): void {
  const found = element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
  if (found) element.scrollTop = found.offsetTop - top
}

/** The message of this seq, or the next one where that is gone. */
function nearest(element: HTMLElement, seq: number): HTMLElement | null {
  const all = [...messagesIn(element)].filter(({ dataset }) => dataset.seq !== undefined)
  return all.find(({ dataset }) => Number(dataset.seq) >= seq) ?? all.at(-1) ?? null
}
