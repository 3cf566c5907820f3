import type { Hono } from 'hono'
import type { AppEnv } from './app-env.ts'
import { type Contract, contractOf } from './contract.ts'
import type { Deprecation } from './deprecation.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** What a path has, whatever method was used. */
interface Allowed {
  /** Those it has routes for; empty where there is no such path. `GET` brings `HEAD`. */
  methods: string[]
  /** Where all that it has goes. */
  deprecated: Deprecation | undefined
}

export function allowedMethods(app: Hono<AppEnv>, path: string): Allowed {
  const found = METHODS.flatMap((method) => {
    const contract = firstContract(app, method, path)
    return contract ? [{ method, contract }] : []
  })
  if (found.length === 0) return { methods: [], deprecated: undefined }
  const methods = found.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const [deprecated, ...others] = found.map(({ contract }) => contract.policy.deprecated)
  return { methods: [...methods, 'OPTIONS'], deprecated: others.every(Boolean) ? deprecated : undefined }
}

function firstContract(app: Hono<AppEnv>, method: string, path: string): Contract | undefined {
  const [matches] = app.router.match(method, path)
  for (const [[handler]] of matches) {
    const contract = contractOf(handler)
    if (contract) return contract
  }
  return undefined
}
