import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../app-env.ts'
import { outcomeOf, type RouteLimit, takeExact } from '../limits.ts'

/** After the input is known to be valid, as accounts are counted by what it says; before anything happens. */
export function countExactLimits(limits: readonly RouteLimit[]) {
  return createMiddleware<AppEnv>(async function countAgainstExactLimits(c, next) {
    const settle = await takeExact(c, limits, c.req.valid('json' as never))
    try {
      await next()
    } catch (error) {
      // What another part of the contract throws comes as it is; what the handler throws is caught before, and told.
      settle(outcomeOf(error, 500))
      throw error
    }
    settle(outcomeOf(c.error, c.res.status))
  })
}
