import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { loadTurnstile } from './turnstile-script.ts'

interface CaptchaCheckProps {
  siteKey: string
  /** What it is for: the server takes the token for nothing else. */
  action: string
  /** Undefined: the one before has expired. */
  onToken: (token: string | undefined) => void
  error: string | undefined
}

/** The widget by which somebody shows that they are not a program. Mount a new one for each try: a token is good once. */
export function CaptchaCheck({ siteKey, action, onToken, error }: CaptchaCheckProps) {
  const box = useRef<HTMLDivElement>(null)
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading')

  useEffect(() => {
    let isGone = false
    let remove = () => {}
    const fail = () => {
      onToken(undefined)
      setState('failed')
      return true
    }
    setState('loading')
    loadTurnstile().then((turnstile) => {
      if (isGone || !box.current) return
      const widget = turnstile.render(box.current, {
        sitekey: siteKey,
        action,
        theme: 'auto',
        size: 'flexible',
        callback: onToken,
        'expired-callback': () => onToken(undefined),
        'error-callback': fail,
      })
      remove = () => turnstile.remove(widget)
      setState('shown')
    }, fail)
    return () => {
      isGone = true
      remove()
    }
  }, [attempt])

  return (
    <fieldset class="captcha" data-testid="captcha">
      <legend class="visually-hidden">Check that you are not a program</legend>
      <div ref={box} hidden={state === 'failed'} />
      {state === 'loading' && <p role="status">Loading the check…</p>}
      {state === 'failed' && (
        <p role="alert">
          The check could not be loaded. Something may keep your browser from challenges.cloudflare.com.{' '}
          <Button kind="text" onPress={() => setAttempt(attempt + 1)} testId="captcha-again">
            Try again
          </Button>
        </p>
      )}
      {state === 'shown' && error && <p role="alert">{error}</p>}
    </fieldset>
  )
}
