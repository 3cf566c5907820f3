import type { Context } from 'hono'
import { Refusal, unauthenticated } from '../platform/errors.ts'
import { looksLikeApiKey, readApiKey } from '../platform/security/api-key.ts'
import { sha256Hex } from '../platform/security/encoding.ts'
import type { TicketClaims } from '../platform/security/socket-ticket.ts'
import type { Access } from './access.ts'
import type { AppEnv } from './app-env.ts'

/** Who a request says it is from, as far as its signature tells: whether the session still lives is not known yet. */
export type Caller =
  | { kind: 'user'; userId: string; sessionId: string; ticket?: TicketClaims; apiKeyId?: string }
  /** Without credentials, or with ones that are not good: a route that needs a user throws the refusal. */
  | { kind: 'anonymous'; refusal: () => Refusal }

/** A key that this isolate has not met: only the database tells whether it is one of ours. */
export interface UnmetKey {
  kind: 'unmet-key'
  keyId: string
  /** SHA-256 of the secret that came with it. */
  hash: string
}

/** An error remembers where it was made, which costs more than most routes do: only who needs it makes it. */
const NOBODY: Caller = { kind: 'anonymous', refusal: () => unauthenticated('no bearer token') }

/** Costs no I/O: tokens, tickets and keys that were met before are verified in the isolate. */
export async function identifyCaller(c: Context<AppEnv>, access: Access | undefined): Promise<Caller | UnmetKey> {
  const { accessTokens, socketTickets } = c.get('isolate')
  try {
    const text = access === 'ticket' ? c.req.query('ticket') : undefined
    if (text !== undefined) {
      const ticket = await socketTickets.open(text)
      return { kind: 'user', userId: ticket.userId, sessionId: ticket.sessionId, ticket }
    }
    const token = bearerToken(c.req.header('authorization'))
    if (token === undefined) return NOBODY
    if (looksLikeApiKey(token)) return await identifyKey(c, token)
    return { kind: 'user', ...(await accessTokens.verify(token)) }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'anonymous', refusal: () => error }
    throw error
  }
}

/** Of a wrong key the caller is told what they are told of any wrong token. */
export const wrongKey = (reason: string): Caller => ({
  kind: 'anonymous',
  refusal: () => unauthenticated(`api key: ${reason}`),
})

async function identifyKey(c: Context<AppEnv>, token: string): Promise<Caller | UnmetKey> {
  const key = readApiKey(token)
  if (!key) return wrongKey('not one of ours')
  const hash = await sha256Hex(key.secret)
  const owner = c.get('isolate').metKeys.ownerOf(key.id, hash)
  if (owner === 'wrong') return wrongKey('the secret is wrong')
  return owner ? callerByKey(key.id, owner.userId) : { kind: 'unmet-key', keyId: key.id, hash }
}

/** The key's id stands where that of a session would. */
export function callerByKey(keyId: string, userId: string): Caller {
  return { kind: 'user', userId, sessionId: keyId, apiKeyId: keyId }
}

/** The id of the key by which somebody calls. */
export function apiKeyOf(caller: Caller): string | undefined {
  return caller.kind === 'user' ? caller.apiKeyId : undefined
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(header ?? '')?.[1]
}
