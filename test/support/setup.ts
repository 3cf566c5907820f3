import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, beforeAll } from 'vitest'
import { complainOf } from './plan-rules.ts'
import { newPlans, watchPlans } from './query-plans.ts'

watchPlans()

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

/** Whatever a file's tests have made the code ask of a database or an object, it finds without reading too much (P4). */
afterAll(async () => {
  const plans = await newPlans([env.DB, env.ACTIVITY_DB, env.CATALOG_DB])
  const complaints = plans.flatMap((plan) => complainOf(plan).map((step) => `${step}, in: ${plan.sql}`))
  if (complaints.length > 0) {
    throw new Error(`Not of the shapes that test/support/plan-rules.ts allows:\n${complaints.join('\n')}`)
  }
}, 60_000)
