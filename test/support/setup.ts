import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect } from 'vitest'

beforeAll(async () => {
  // Plain functions need no Worker, and a run of them alone does not wait until it is loaded.
  const isOfWorker = !expect.getState().testPath?.includes('/test/unit/')
  const deliveries = isOfWorker ? await import('./deliveries.ts') : undefined
  await deliveries?.endDeliveries()
  await reset()
  deliveries?.beginDeliveries()
  await Promise.all([
    applyD1Migrations(env.DB, env.MIGRATIONS.core),
    applyD1Migrations(env.ACTIVITY_DB, env.MIGRATIONS.activity),
    applyD1Migrations(env.CATALOG_DB, env.MIGRATIONS.catalog),
    // What is being rolled out is on, as under `npm start`.
    env.CONFIG.put('flag:reviews', '{"percent":100}'),
  ])
})
