import type { Context } from 'hono'

/** The parameters of the path as the route's schema has read them: ids in small letters. Where it has none, as they came. */
export function parametersOf(c: Context): Record<string, string> {
  // Only what has a schema is validated, and every schema of a path answers texts.
  const read = c.req.valid('param' as never) as Record<string, string> | undefined
  return { ...c.req.param(), ...read }
}

/** One of them; empty where the path has none of that name. */
export function parameterOf(c: Context, name: string): string {
  return parametersOf(c)[name] ?? ''
}
