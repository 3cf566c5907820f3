import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { isAllowedOrigin } from '../origin.ts'

/** For a socket's route: only an upgrade, and from a browser only by a page that may call us. */
export function demandUpgrade() {
  return createMiddleware<AppEnv>(async function demandWebSocketUpgrade(c, next) {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      c.header('Upgrade', 'websocket')
      throw new Refusal('UPGRADE_REQUIRED', 'This is a WebSocket: send an upgrade')
    }
    const origin = c.req.header('origin')
    if (origin !== undefined && !isAllowedOrigin(c, origin)) {
      throw new Refusal('ORIGIN_NOT_ALLOWED', 'This origin may not open a socket', { reason: origin.slice(0, 200) })
    }
    await next()
  })
}
