import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import { accepts } from '../accept.ts'

const OURS = ['application/json', 'application/problem+json', 'application/*', '*/*']

/** We speak JSON: a client that takes none of it is told so before anything happens. */
export function negotiate() {
  return createMiddleware(async function negotiateMediaType(c, next) {
    const accept = c.req.header('accept')
    if (accept !== undefined && accept.trim() !== '' && !accepts(accept, OURS)) {
      throw new Refusal('NOT_ACCEPTABLE', 'This API answers application/json')
    }
    await next()
  })
}
