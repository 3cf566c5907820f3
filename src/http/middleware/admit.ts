import { createMiddleware } from 'hono/factory'
import { createContext } from '../../compose.ts'
import type { Actor, ServiceContext } from '../../context.ts'
import { parseBookmarks } from '../../platform/db/bookmarks.ts'
import { Refusal } from '../../platform/errors.ts'
import { type Access, type Demands, demandOfSession, demandRights, GUEST } from '../access.ts'
import type { AppEnv } from '../app-env.ts'
import type { Caller } from '../caller.ts'

const READS = new Set(['GET', 'HEAD'])

/**
 * Builds the verb's context and holds the route's demands against the caller. Their session is read while the
 * handler already reads what it needs: its answer is thrown away if the demands turn out not to be met, and no
 * write or command leaves before they are.
 */
export function admit(access: Access) {
  return createMiddleware<AppEnv>(async function admitCaller(c, next) {
    const { isolate, meter, caller } = c.var
    const demands = typeof access === 'object' ? access : {}
    const build = (actor: Actor): ServiceContext =>
      createContext(isolate, c.env, {
        actor,
        origin: {
          ip: c.req.header('cf-connecting-ip') ?? null,
          userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
          place: placeOf(c.req.raw.cf as Record<string, unknown> | undefined),
        },
        meter,
        defer: (work) => c.executionCtx.waitUntil(work),
        bookmarks: parseBookmarks(c.req.header('x-d1-bookmark')),
        mayWrite: !READS.has(c.req.method),
        demand: (session) => demandOfSession(demands, session, isolate.clock()),
      })

    if (access === 'public') {
      c.set('ctx', await optionally(caller, build))
      await next()
      return
    }
    if (caller.kind === 'anonymous') {
      if (!demands.orGuest || !mayAsGuest(demands)) throw caller.refusal
      c.set('ctx', build({ kind: 'anonymous' }))
      await next()
      return
    }
    const { userId, sessionId } = caller
    c.var.scope.userId = userId
    c.set('ticket', caller.ticket)
    const ctx = build({ kind: 'user', userId, sessionId })
    c.set('ctx', ctx)
    const authorized = ctx.authorized()
    await next()
    await authorized
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

/** On a public route a valid token still says who calls; any other is as none. */
async function optionally(caller: Caller, build: (actor: Actor) => ServiceContext): Promise<ServiceContext> {
  if (caller.kind === 'user') {
    try {
      const ctx = build({ kind: 'user', userId: caller.userId, sessionId: caller.sessionId })
      await ctx.session()
      return ctx
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return build({ kind: 'anonymous' })
}
