import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import { accepts, OUR_MEDIA_TYPES } from '../accept.ts'
import type { AppEnv } from '../app-env.ts'
import { API_VERSIONS } from '../version.ts'

/** We speak JSON, in some versions: a client that takes none of it is told so before anything happens. */
export function negotiate() {
  return createMiddleware<AppEnv>(async function negotiateMediaType(c, next) {
    const resolvedVersion = c.get('resolvedVersion')
    if ('unknown' in resolvedVersion) throw unknownVersion(resolvedVersion.by)
    const accept = c.req.header('accept')
    if (accept !== undefined && accept.trim() !== '' && !accepts(accept, OUR_MEDIA_TYPES)) {
      throw new Refusal('NOT_ACCEPTABLE', 'This API answers application/json')
    }
    await next()
  })
}

function unknownVersion(header: string): Refusal {
  const message = `There are the versions ${API_VERSIONS.join(' and ')} of this API`
  if (header === 'Accept') return new Refusal('NOT_ACCEPTABLE', message)
  return new Refusal('VALIDATION_FAILED', message, { fields: [{ field: header, message: 'There is no such version' }] })
}
