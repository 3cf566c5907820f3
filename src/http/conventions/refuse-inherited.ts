import type { Context } from 'hono'
import { Refusal } from '../../platform/errors.ts'

/**
 * Of a query: a validator passes over this one name, which objects have from elsewhere.
 * @throws Refusal 400
 */
export function refuseInherited(c: Context): void {
  if (!new URL(c.req.url).searchParams.has('__proto__')) return
  throw new Refusal('VALIDATION_FAILED', 'The query is not valid', {
    fields: [{ field: '__proto__', message: 'Unknown field' }],
  })
}
