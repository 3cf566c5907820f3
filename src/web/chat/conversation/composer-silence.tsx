import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../components/icon.tsx'
import { clockTime, fullTime } from '../../times.ts'
import { type Silence, silenceText } from './writing-rules.ts'

const TICK_MS = 1_000

interface ComposerSilenceProps {
  silence: Silence
  /** Beside a composer, which may be written in meanwhile. */
  isNote?: boolean
  takesFocus?: boolean
}

/** Why one may not write here, in the place where one would; a wait is counted down. */
export function ComposerSilence({ silence, isNote, takesFocus }: ComposerSilenceProps) {
  const notice = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (takesFocus) notice.current?.focus()
  }, [])
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (silence.kind !== 'slow') return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [silence.kind])
  const text = silenceText(silence, Math.max(now, Date.now()), untilText)
  if (isNote) return <span data-testid="slow-mode">{text}</span>
  return (
    <p
      class="composer-silent"
      ref={notice}
      tabIndex={-1}
      role="status"
      data-testid="composer-silent"
      data-why={silence.kind}
    >
      <Icon name="lock" />
      {text}
    </p>
  )
}

/** A time of today, or the whole date. */
function untilText(ms: number): string {
  const at = new Date(ms)
  const isToday = at.toDateString() === new Date().toDateString()
  return isToday ? clockTime(at.toISOString()) : fullTime(at.toISOString())
}
