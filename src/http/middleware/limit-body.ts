import { bodyLimit } from 'hono/body-limit'
import { every } from 'hono/combine'
import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'

/** For routes that take JSON: refuses other media types, counts the bytes, and demands that they parse. */
export function limitBody(maxSize: number) {
  return every(
    createMiddleware(async function demandJson(c, next) {
      const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
      if (type !== 'application/json') {
        throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json')
      }
      await next()
    }),
    bodyLimit({
      maxSize,
      onError: () => {
        throw new Refusal('PAYLOAD_TOO_LARGE', `The body may have at most ${maxSize} bytes`)
      },
    }),
  )
}
