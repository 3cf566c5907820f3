import * as z from 'zod'

/** What a widget gives a page when somebody has passed its check. */
export const CaptchaToken = z.string().min(1).max(2_048).meta({
  description: 'What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once.',
})

/** Below this a check that scores says that it was a program. */
export const LEAST_SCORE = 0.5

export interface CaptchaCheck {
  token: string
  /** What the widget was shown for, such as `login`: a token for one thing is good for no other. */
  action: string
  /** The caller's address; null where nobody knows it. */
  ip: string | null
}

/** Tells people from programs. A token is good for one check. */
export interface Captcha {
  /** What a page shows the widget by. */
  readonly siteKey: string
  /** False: it was a program, or the token is old, used, or somebody's invention. @throws Outage where nobody can tell */
  verify(check: CaptchaCheck): Promise<boolean>
}
