import type { Context } from 'hono'

/** Of the body, as its client named it: lower-cased, without parameters; empty where there is none. */
export function mediaTypeOf(c: Context): string {
  return c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
}
