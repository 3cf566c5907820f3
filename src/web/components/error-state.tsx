import { useEffect, useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { wordsOf } from './problem-words.ts'

interface ErrorStateProps {
  problem: unknown
  /** Left out where asking again cannot help. */
  onRetry?: (() => void) | undefined
  testId?: string
}

/** A failed call in words. Without a connection it tries again by itself when one is back. */
export function ErrorState({ problem, onRetry, testId }: ErrorStateProps) {
  const { kind, title, text, waitSeconds, reference } = wordsOf(problem)
  const left = useCountdown(problem, waitSeconds)
  const canRetry = onRetry && kind !== 'forbidden' && kind !== 'missing'

  useEffect(() => {
    if (kind !== 'offline' || !onRetry) return
    addEventListener('online', onRetry)
    return () => removeEventListener('online', onRetry)
  }, [kind, onRetry])

  return (
    <div class="error-state" data-kind={kind} data-testid={testId ?? 'error-state'}>
      <Notice title={title} isAlert>
        <p>{text}</p>
        {reference && <p class="error-reference">Reference {reference}</p>}
      </Notice>
      {canRetry && (
        <Button onPress={onRetry} disabled={left > 0}>
          {left > 0 ? `Try again in ${left} s` : 'Try again'}
        </Button>
      )}
    </div>
  )
}

/** Outside of the alert, which would be read again each second. */
function useCountdown(problem: unknown, seconds: number): number {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const endMs = performance.now() + seconds * 1_000
    setLeft(seconds)
    if (seconds === 0) return
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((endMs - performance.now()) / 1_000))
      setLeft(now)
      if (now === 0) clearInterval(timer)
    }, 1_000)
    return () => clearInterval(timer)
  }, [problem, seconds])
  return left
}
