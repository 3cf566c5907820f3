import { createMiddleware } from 'hono/factory'
import { demandResource, type ResourceGuard } from '../access.ts'
import type { AppEnv } from '../app-env.ts'
import { parameterOf } from '../parameter.ts'

/** What may not be done with a thing is not begun. Stands after the path is known to be valid. */
export function guardResource(guard: ResourceGuard) {
  return createMiddleware<AppEnv>(async function guardResourceOfPath(c, next) {
    await demandResource(c.get('ctx'), guard, parameterOf(c, guard.param))
    await next()
  })
}
