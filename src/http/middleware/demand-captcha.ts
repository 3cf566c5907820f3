import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import { isSuspicious } from '../../platform/rate-limit/rate-limits.ts'
import type { AppEnv } from '../app-env.ts'

/**
 * Demands that somebody shows that they are no program, where the limits that were just asked know of failures: no call
 * more for everybody else. Before anything happens, so a refusal says nothing of the account. Off where no captcha is
 * configured; a token that nobody asked for is not looked at.
 */
export function demandCaptcha(action: string) {
  return createMiddleware<AppEnv>(async function demandCaptchaAfterFailures(c, next) {
    const { captcha } = c.get('isolate')
    if (captcha && (c.get('isSuspected') || c.get('told').some(isSuspicious))) {
      const { captchaToken: token } = c.req.valid('json' as never) as { captchaToken?: string }
      if (token === undefined) {
        throw new Refusal('CAPTCHA_REQUIRED', 'Show first that you are not a program', {
          fields: [{ field: 'captchaToken', message: 'Required after this many tries' }],
        })
      }
      const ip = c.req.header('cf-connecting-ip') ?? null
      if (!(await captcha.verify({ token, action, ip }))) {
        throw new Refusal('CAPTCHA_FAILED', 'The check that you are not a program has failed. Try it again.')
      }
    }
    await next()
  })
}
