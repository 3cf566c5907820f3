import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'

const OURS = ['application/json', 'application/problem+json', 'application/*', '*/*']

/** We speak JSON: a client that takes none of it is told so before anything happens. */
export function negotiate() {
  return createMiddleware(async function negotiateMediaType(c, next) {
    const accept = c.req.header('accept')
    if (accept !== undefined && accept.trim() !== '' && !acceptsJson(accept)) {
      throw new Refusal('NOT_ACCEPTABLE', 'This API answers application/json')
    }
    await next()
  })
}

function acceptsJson(accept: string): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => {
      const [type, ...parameters] = range.split(';').map((part) => part.trim())
      return OURS.includes(type ?? '') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    })
}
