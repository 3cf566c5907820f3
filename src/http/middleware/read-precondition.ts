import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { expectedBy } from '../conventions/preconditions.ts'

/** `required`: nobody changes it without saying what they believe it to be. */
export type PreconditionPolicy = 'required' | 'optional'

/** Leaves what `If-Match` expects for the handler, which hands it to its verb. */
export function readPrecondition(policy: PreconditionPolicy) {
  return createMiddleware<AppEnv>(async function readIfMatch(c, next) {
    const ifMatch = c.req.header('if-match')
    if (ifMatch === undefined && policy === 'required') {
      throw new Refusal('PRECONDITION_REQUIRED', 'Send If-Match with the ETag of what you want to change')
    }
    c.set('expected', ifMatch === undefined ? undefined : expectedBy(ifMatch))
    await next()
  })
}
