import { sql } from 'drizzle-orm'
import * as z from 'zod'
import type { ServiceContext } from '../../context.ts'
import { DATABASES, type DatabaseName, mapDatabases } from '../../platform/db/bookmarks.ts'
import type { Db } from '../../platform/db/store.ts'

const CHECK_TIMEOUT_MS = 2_000

const Check = z.object({
  status: z.enum(['up', 'down']),
  /** How long it took to find out. */
  latencyMs: z.int(),
})

export const Health = z
  .object({ status: z.enum(['up', 'down']), checks: z.object(mapDatabases(() => Check)) })
  .meta({ id: 'Health' })
export type Health = z.output<typeof Health>

/** Asks each database for its newest migrated table, so that a missing migration is not ready either. */
export async function checkHealth(ctx: ServiceContext): Promise<Health> {
  const found = await Promise.all(DATABASES.map(async (name) => [name, await check(ctx, name)] as const))
  const byName = new Map(found)
  const checks = mapDatabases((name) => byName.get(name) ?? { status: 'down' as const, latencyMs: 0 })
  return { status: found.every(([, { status }]) => status === 'up') ? 'up' : 'down', checks }
}

async function check(ctx: ServiceContext, name: DatabaseName): Promise<z.output<typeof Check>> {
  const started = ctx.clock()
  const latencyMs = () => Math.max(0, ctx.clock() - started)
  const probe = (db: Db) => db.all(sql`select 1 as answer from outbox limit 1`)
  try {
    await Promise.race([
      probe(ctx[name].db),
      scheduler.wait(CHECK_TIMEOUT_MS).then(() => {
        throw new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)
      }),
    ])
    return { status: 'up', latencyMs: latencyMs() }
  } catch (error) {
    ctx.log.error('Health Check Failed', { database: name, error })
    return { status: 'down', latencyMs: latencyMs() }
  }
}
