import { createMiddleware } from 'hono/factory'
import { createContext } from '../../compose.ts'
import type { Actor, ServiceContext } from '../../context.ts'
import { parseBookmarks } from '../../platform/db/bookmarks.ts'
import { Refusal } from '../../platform/errors.ts'
import {
  type Access,
  type Demands,
  demandFreshProof,
  demandOfKey,
  demandOfSession,
  demandRights,
  GUEST,
} from '../access.ts'
import type { AppEnv } from '../app-env.ts'
import type { Caller } from '../caller.ts'
import { remindToVerify } from '../remind-to-verify.ts'

const READS = new Set(['GET', 'HEAD'])

/**
 * Builds the verb's context and holds the route's demands against the caller. Their session is read while the
 * handler already reads what it needs: its answer is thrown away if the demands turn out not to be met, and no
 * write or command leaves before they are.
 */
export function admit(access: Access) {
  return createMiddleware<AppEnv>(async function admitCaller(c, next) {
    const isolate = c.get('isolate')
    const meter = c.get('meter')
    const caller = c.get('caller')
    const demands = typeof access === 'object' ? access : {}
    const isRead = READS.has(c.req.method)
    // As it came: whoever reads a body with a bound puts another request in its place.
    const arrived = c.req.raw
    const build = (actor: Actor): ServiceContext =>
      createContext(isolate, c.env, {
        actor,
        origin: {
          ip: c.req.header('cf-connecting-ip') ?? null,
          // Few verbs want to know these.
          get userAgent() {
            return arrived.headers.get('user-agent')?.slice(0, 300) ?? null
          },
          get place() {
            return placeOf(arrived.cf as Record<string, unknown> | undefined)
          },
        },
        meter,
        defer: (work) => c.executionCtx.waitUntil(work),
        bookmarks: parseBookmarks(c.req.header('x-d1-bookmark')),
        mayWrite: !isRead,
        demand: async (session, readProof) => {
          if (session.apiKey) demandOfKey(access, { path: c.req.path, isRead }, session.apiKey.scopes)
          demandOfSession(demands, session)
          await demandFreshProof(demands, session, isolate.clock(), readProof)
        },
      })

    if (access === 'public') {
      c.set('ctx', await optionally(caller, build))
      await next()
      await remindToVerify(c)
      return
    }
    if (caller.kind === 'anonymous') {
      if (!demands.orGuest || !mayAsGuest(demands)) throw caller.refusal()
      c.set('ctx', build({ kind: 'anonymous' }))
      await next()
      return
    }
    c.get('scope').userId = caller.userId
    c.set('ticket', caller.ticket)
    const ctx = build(actorOf(caller))
    c.set('ctx', ctx)
    const authorized = ctx.authorized()
    await next()
    await authorized
    await remindToVerify(c)
  })
}

/** Who is not signed in is asked to sign in, whatever is missing: it is never 403. */
function mayAsGuest(demands: Demands): boolean {
  try {
    demandRights(demands, GUEST)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

function placeOf(cf: Record<string, unknown> | undefined): string | null {
  const parts = [cf?.city, cf?.country].filter((part) => typeof part === 'string' && part !== '')
  return parts.length === 0 ? null : parts.join(', ').slice(0, 100)
}

function actorOf({ userId, sessionId, apiKeyId }: Extract<Caller, { kind: 'user' }>): Actor {
  return { kind: 'user', userId, sessionId, apiKeyId }
}

/** On a public route a valid token still says who calls; any other is as none. */
async function optionally(caller: Caller, build: (actor: Actor) => ServiceContext): Promise<ServiceContext> {
  if (caller.kind === 'user') {
    try {
      const ctx = build(actorOf(caller))
      await ctx.authorized()
      return ctx
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return build({ kind: 'anonymous' })
}
