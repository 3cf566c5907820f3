import { useId } from 'preact/hooks'

// Browsers draw their own bars in colours of their own: those are there to be read, and ours to be seen.

/** How far something has come; without a value it is under way and nobody knows how far. */
export function Progress({ label, value, max = 1 }: { label: string; value?: number; max?: number }) {
  const id = useId()
  return (
    <div class="progress">
      <span class="progress-label" id={id}>
        {label}
      </span>
      <progress class="visually-hidden" aria-labelledby={id} max={max} {...(value === undefined ? {} : { value })} />
      <span class="meter" aria-hidden="true">
        <span
          class={`meter-value ${value === undefined ? 'meter-unknown' : ''}`}
          style={value === undefined ? undefined : { width: `${(100 * value) / max}%` }}
        />
      </span>
    </div>
  )
}

interface MeterProps {
  label: string
  /** From 0 to 1. */
  value: number
  /** The value in words: `strong`, `42 of 60`. */
  text?: string
  tone?: 'plain' | 'good' | 'bad'
  testId?: string
}

/** How much of something there is: the strength of a password, a limit that is partly used. */
export function Meter({ label, value, text, tone = 'plain', testId }: MeterProps) {
  const id = useId()
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100)
  return (
    <div class="progress" data-testid={testId}>
      <span class="progress-label">
        <span id={id}>{label}</span>
        {text && <span class="progress-text">{text}</span>}
      </span>
      <meter class="visually-hidden" aria-labelledby={id} aria-valuetext={text} min={0} max={100} value={percent} />
      <span class={`meter meter-${tone}`} aria-hidden="true">
        <span class="meter-value" style={{ width: `${percent}%` }} />
      </span>
    </div>
  )
}
