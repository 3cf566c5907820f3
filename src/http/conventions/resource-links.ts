import type { Context } from 'hono'
import { z } from 'zod'
import type { AppEnv } from '../app-env.ts'
import { envelope } from '../envelope.ts'
import { DEFAULT_VERSION } from '../version.ts'

/** Where something is, and how it is called there; GET where no method is named. */
const Link = z.object({ href: z.string(), method: z.string().optional() }).meta({ id: 'Link' })
type Link = z.output<typeof Link>

/** The schema of one resource that says what the caller may do with it. What is given again to a repeat says nothing. */
export function linkedEnvelope<T extends z.ZodType>(data: T) {
  return envelope(data).extend({ links: z.record(z.string(), Link).optional() })
}

/** The address of a path of the API, in the version that was asked for; absolute where the settings say from where. */
export function hrefTo(c: Context<AppEnv>, path: string): string {
  const { resolvedVersion, isolate } = c.var
  const version = 'version' in resolvedVersion ? resolvedVersion.version : DEFAULT_VERSION
  return `${isolate.settings.PUBLIC_ORIGIN ?? ''}/v${version}${path}`
}

/** The actions of a resource as links. */
export function linksTo(
  c: Context<AppEnv>,
  actions: Record<string, { path: string; method?: string }>,
): Record<string, Link> {
  return Object.fromEntries(
    Object.entries(actions).map(([name, { path, method }]) => [
      name,
      { href: hrefTo(c, path), ...(method === undefined ? {} : { method }) },
    ]),
  )
}
