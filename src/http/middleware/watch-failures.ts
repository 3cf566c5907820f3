import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { createLimiter } from '../../compose.ts'
import type { Ask } from '../../platform/rate-limit/limiter.ts'
import { demandOf, isSuspicious } from '../../platform/rate-limit/rate-limits.ts'
import type { AppEnv } from '../app-env.ts'
import { mailSubject, outcomeOf, type RouteLimit } from '../limits.ts'

/**
 * Counts what the route refuses by the account that is asked for, whether it exists or not, and looks at that count
 * before: after too many `demandCaptcha` asks. Nobody waits for it, and a call that succeeds asks nobody. Off where no
 * captcha is configured.
 */
export function watchFailures(limits: readonly RouteLimit[]) {
  return createMiddleware<AppEnv>(async function watchFailuresOfAccount(c, next) {
    const { captcha, failures } = c.get('isolate')
    if (!captcha) return next()
    const watched = await Promise.all(limits.map((limit) => watchedBy(c, limit)))
    const known = watched.flatMap(({ name, subject, ask }) => {
      const standing = failures.look(subject, ask)
      return standing ? [{ name, rule: ask.rule, standing }] : []
    })
    c.set('isSuspected', known.some(isSuspicious))
    const settle = (outcome: boolean | 'refused') => {
      if (outcome === 'refused') for (const { subject, ask } of watched) count(c, subject, ask)
    }
    try {
      await next()
    } catch (error) {
      settle(outcomeOf(error, 500))
      throw error
    }
    settle(outcomeOf(c.error, c.res.status))
  })
}

async function watchedBy(c: Context<AppEnv>, { policy, key }: RouteLimit) {
  const json: unknown = c.req.valid('json' as never)
  const { name, ask } = demandOf(policy, c.get('isolate').settings.RATE_LIMIT_SCALE, c.get('matched')?.route ?? '')
  return { name, ask, subject: await mailSubject(key?.(json as never) ?? '') }
}

function count(c: Context<AppEnv>, subject: string, ask: Ask): void {
  const isolate = c.get('isolate')
  const { settle } = isolate.failures.take(subject, [ask])
  if (settle) c.get('ctx').defer(settle(createLimiter(isolate, c.env, c.get('meter'))))
}
