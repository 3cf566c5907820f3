import type { Hono } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { type Contract, contractOf } from '../contract.ts'

export interface Route {
  method: string
  path: string
  contract: Contract
}

/** Every route with its contract. @throws where a route has none: it does not start. */
export function contractedRoutes(app: Hono<AppEnv>): Route[] {
  const routes = new Map<string, { method: string; path: string; contract: Contract | undefined }>()
  for (const { method, path, handler } of app.routes) {
    if (method === 'ALL') continue
    const key = `${method} ${path}`
    const contract = contractOf(handler) ?? routes.get(key)?.contract
    routes.set(key, { method, path, contract })
  }
  return [...routes.values()].map(({ method, path, contract }) => {
    if (!contract) throw new Error(`${method} ${path} declares no contract`)
    return { method, path, contract }
  })
}
