import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Refusal, unauthenticated } from '../platform/errors.ts'
import type { TicketClaims } from '../platform/security/socket-ticket.ts'
import type { AppEnv } from './app-env.ts'
import { type Contract, contractOf } from './contract.ts'

/** Who a request says it is from, as far as its signature tells: whether the session still lives is not known yet. */
export type Caller =
  | { kind: 'user'; userId: string; sessionId: string; ticket?: TicketClaims }
  /** Without credentials, or with ones that are not good: a route that needs a user throws the refusal. */
  | { kind: 'anonymous'; refusal: Refusal }

/** Costs no I/O: tokens and tickets are verified in the isolate. */
export async function identifyCaller(c: Context<AppEnv>, contract: Contract | undefined): Promise<Caller> {
  const { accessTokens, socketTickets } = c.var.isolate
  try {
    const text = contract?.policy.access === 'ticket' ? c.req.query('ticket') : undefined
    if (text !== undefined) {
      const ticket = await socketTickets.open(text)
      return { kind: 'user', userId: ticket.userId, sessionId: ticket.sessionId, ticket }
    }
    const token = bearerToken(c.req.header('authorization'))
    if (token === undefined) return { kind: 'anonymous', refusal: unauthenticated('no bearer token') }
    return { kind: 'user', ...(await accessTokens.verify(token)) }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'anonymous', refusal: error }
    throw error
  }
}

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

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(header ?? '')?.[1]
}
