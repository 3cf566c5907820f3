import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { AppEnv } from './app-env.ts'
import { type Contract, contractOf } from './contract.ts'

export interface Matched {
  contract: Contract
  /** `METHOD /template` */
  route: string
}

/** The route that will answer; undefined where none does. */
export function matchedContract(c: Context<AppEnv>): Matched | undefined {
  for (const { handler, method, path } of matchedRoutes(c)) {
    const contract = contractOf(handler)
    if (contract) return { contract, route: `${method} ${path}` }
  }
  return undefined
}
