import type { Hono } from 'hono'
import type { AppEnv } from './app-env.ts'
import { contractOf } from './contract.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The methods that a path has routes for; empty where there is no such path. `GET` brings `HEAD`. */
export function allowedMethods(app: Hono<AppEnv>, path: string): string[] {
  const methods = METHODS.filter((method) => {
    const [matches] = app.router.match(method, path)
    return matches.some(([[handler]]) => contractOf(handler) !== undefined)
  })
  if (methods.length === 0) return []
  return [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS']
}
