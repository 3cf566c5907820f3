import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll } from 'vitest'

beforeAll(async () => {
  await reset()
  await Promise.all([
    applyD1Migrations(env.DB, env.MIGRATIONS.core),
    applyD1Migrations(env.ACTIVITY_DB, env.MIGRATIONS.activity),
    applyD1Migrations(env.CATALOG_DB, env.MIGRATIONS.catalog),
    // What is being rolled out is on, as under `npm start`.
    env.CONFIG.put('flag:reviews', '{"percent":100}'),
  ])
})
