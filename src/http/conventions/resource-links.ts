import type { Context } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../app-env.ts'
import { envelope } from '../envelope.ts'
import { hrefTo } from '../href.ts'

/** Where something is, and how it is called there; GET where no method is named. */
const Link = z.object({ href: z.string(), method: z.string().optional() }).meta({ id: 'Link' })
type Link = z.output<typeof Link>

/** The schema of one resource that says what the caller may do with it. */
export function linkedEnvelope<T extends z.ZodType>(data: T) {
  return envelope(data).extend({ links: z.record(z.string(), Link).optional() })
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
