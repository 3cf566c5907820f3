import { createMiddleware } from 'hono/factory'
import { demandOwner, type OwnerGuard } from '../access.ts'
import type { AppEnv } from '../app-env.ts'
import { parameterOf } from '../parameter.ts'

/** What belongs to somebody is not even read for anybody else. Stands after the path is known to be valid. */
export function demandOwnership(guard: OwnerGuard) {
  return createMiddleware<AppEnv>(async function demandOwnershipOfPath(c, next) {
    const ctx = c.get('ctx')
    const param = (name: string) => parameterOf(c, name)
    const entity = typeof guard.entity === 'string' ? guard.entity : guard.entity(param)
    const [owner] = await Promise.all([
      guard.ownerOf(ctx, param),
      // A caller whose session has ended is told that, and nothing of the thing.
      ctx.authorized(),
    ])
    demandOwner({ ...guard, entity }, owner, await ctx.session())
    await next()
  })
}
