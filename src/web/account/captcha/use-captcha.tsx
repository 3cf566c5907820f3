import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { ApiError } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { CaptchaCheck } from './captcha-check.tsx'

export interface CaptchaUse {
  /** Makes the call with what the widget gave, and shows the widget where the server asks for it. */
  guard<T>(send: (answer: { captchaToken?: string }) => Promise<T>): Promise<T>
  /** For a form's own check: what is amiss while the widget has given nothing yet. */
  problems(): Record<string, string>
  /** The widget, once it was asked for; `error` is what `problems` said of it. */
  render(error: string | undefined): JSX.Element | null
}

/** `action` is the name by which the route of the API asks for a captcha. */
export function useCaptcha(action: string): CaptchaUse {
  const [siteKey, setSiteKey] = useState<string | null>(null)
  // Each try needs a token of its own, and so a widget of its own.
  const [round, setRound] = useState(0)
  const token = useRef<string | undefined>(undefined)

  return {
    async guard(send) {
      const captchaToken = token.current
      token.current = undefined
      try {
        return await send(captchaToken === undefined ? {} : { captchaToken })
      } catch (error) {
        if (error instanceof ApiError && error.code === 'CAPTCHA_REQUIRED') {
          setSiteKey((await client.auth.captcha()).siteKey)
        }
        setRound((last) => last + 1)
        throw error
      }
    },
    problems(): Record<string, string> {
      const isWaiting = siteKey !== null && token.current === undefined
      return isWaiting ? { captchaToken: 'Wait until this check is done' } : {}
    },
    render: (error) =>
      siteKey === null ? null : (
        <CaptchaCheck
          key={round}
          siteKey={siteKey}
          action={action}
          onToken={(given) => {
            token.current = given
          }}
          error={error}
        />
      ),
  }
}
