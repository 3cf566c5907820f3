import type { Context } from 'hono'
import type { AppEnv } from './app-env.ts'
import { parametersOf } from './parameter.ts'
import { DEFAULT_VERSION } from './version.ts'

/** The address of a path of the API, in the version that was asked for; absolute where the settings say from where. */
export function hrefTo(c: Context<AppEnv>, path: string): string {
  const resolvedVersion = c.get('resolvedVersion')
  const isolate = c.get('isolate')
  const version = 'version' in resolvedVersion ? resolvedVersion.version : DEFAULT_VERSION
  return `${isolate.settings.PUBLIC_ORIGIN ?? ''}/v${version}${path}`
}

/**
 * The address of what a request has made, by its route's template: `/rooms/{path.id}/notes/{id}` has the parameter `id`
 * of the route's own path, and the `id` of the answer's data. Undefined where the data does not say.
 */
export function hrefOfMade(c: Context<AppEnv>, template: string, data: unknown): string | undefined {
  const known = { ...(data as object), path: parametersOf(c) }
  const values = [...template.matchAll(/\{([\w.]+)\}/g)].map(([, name = '']) => at(known, name))
  if (values.some((value) => typeof value !== 'string')) return undefined
  return hrefTo(
    c,
    template.replaceAll(/\{[\w.]+\}/g, () => encodeURIComponent(String(values.shift()))),
  )
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value)
}
