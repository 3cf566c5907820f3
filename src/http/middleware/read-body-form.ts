import { createMiddleware } from 'hono/factory'
import type * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { PATCH_TYPES } from '../conventions/patch.ts'
import { mediaTypeOf } from '../media-type.ts'

/** The schema of each media type that a body may come as. */
export type BodyTypes = Record<string, z.ZodType>

/**
 * Looks at a body as what its media type says, before anything is asked of what it changes. A merge patch has a form only
 * together with what it is merged into.
 */
export function readBodyForm(bodyTypes: BodyTypes, refuse: (issues: readonly z.core.$ZodIssue[]) => Error) {
  return createMiddleware<AppEnv>(async function readFormOfBody(c, next) {
    const type = mediaTypeOf(c)
    const result = type === PATCH_TYPES.merge ? undefined : bodyTypes[type]?.safeParse(await c.req.json())
    if (result && !result.success) throw refuse(result.error.issues)
    await next()
  })
}
