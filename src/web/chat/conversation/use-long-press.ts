import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

const LONG_MS = 450
const STILL_PX = 10

/** A finger that stays, and the keys of an element. The element keeps its own listeners. */
export function useLongPress(
  element: RefObject<HTMLElement | null>,
  onLongPress: () => void,
  onKey: (event: KeyboardEvent) => void,
): void {
  const latest = useRef({ onLongPress, onKey })
  latest.current = { onLongPress, onKey }
  useEffect(() => {
    const target = element.current
    if (!target) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let from = { x: 0, y: 0 }
    const stop = new AbortController()
    const { signal } = stop
    const cancel = () => clearTimeout(timer)
    const down = ({ pointerType, clientX, clientY }: PointerEvent) => {
      if (pointerType === 'mouse') return
      from = { x: clientX, y: clientY }
      timer = setTimeout(() => latest.current.onLongPress(), LONG_MS)
    }
    const move = ({ clientX, clientY }: PointerEvent) => {
      if (Math.hypot(clientX - from.x, clientY - from.y) > STILL_PX) cancel()
    }
    target.addEventListener('pointerdown', down, { signal })
    target.addEventListener('pointermove', move, { signal })
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const)
      target.addEventListener(end, cancel, { signal })
    target.addEventListener('keydown', (event) => latest.current.onKey(event), { signal })
    return () => {
      cancel()
      stop.abort()
    }
  }, [element])
}
