import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { Refusal } from '../../platform/errors.ts'
import { Meter } from '../../platform/observability/meter.ts'
import { createCatalogClient } from '../../services/catalog-client.ts'

/**
 * What orders will tell the catalogue, until there are orders: `npm start` has its small world deliver by it, so that the
 * shop shows reviews. Mounted outside of production only, and no part of the API, so it has no contract and stands for
 * every method; the catalogue refuses what is no delivery.
 */
export const rehearsalRoutes = new Hono<AppEnv>().all('/deliveries', async (c) => {
  if (c.req.method !== 'POST') {
    c.header('Allow', 'POST')
    throw new Refusal('METHOD_NOT_ALLOWED', 'Use POST here')
  }
  await createCatalogClient(new Meter()).recordDelivery(await c.req.json())
  return c.body(null, 204)
})
