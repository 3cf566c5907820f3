import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../components/icon.tsx'
import { clockTime } from '../../times.ts'
import { type Silence, silenceText } from './writing-rules.ts'

const TICK_MS = 1_000

/** Why one may not write here, in the place where one would; a wait is counted down. */
export function ComposerSilence({ silence, isNote }: { silence: Silence; isNote?: boolean }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (silence.kind !== 'slow') return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [silence.kind])
  const text = silenceText(silence, Math.max(now, Date.now()), (ms) => clockTime(new Date(ms).toISOString()))
  if (isNote) return <span data-testid="slow-mode">{text}</span>
  return (
    <p class="composer-silent" role="status" data-testid="composer-silent" data-why={silence.kind}>
      <Icon name="lock" />
      {text}
    </p>
  )
}
