import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { Flag } from '../../platform/flags/flags.ts'
import type { AppEnv } from '../app-env.ts'

/** Where this is not switched on for the caller, nobody learns that the route is there: it comes before all else. */
export function demandFlag(flag: Flag) {
  return createMiddleware<AppEnv>(async function demandFlagOn(c, next) {
    const isolate = c.get('isolate')
    const caller = c.get('caller')
    const isOn = await isolate.flags.isOn(flag, caller.kind === 'user' ? caller.userId : null)
    if (!isOn) throw new Refusal('NOT_FOUND', 'There is nothing here')
    await next()
  })
}
