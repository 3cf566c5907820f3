import { createMiddleware } from 'hono/factory'
import { createContext } from '../../compose.ts'
import type { Actor, ServiceContext } from '../../context.ts'
import type { Isolate } from '../../isolate.ts'
import { parseBookmarks } from '../../platform/db/bookmarks.ts'
import { Refusal, unauthenticated } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import type { Access } from '../contract.ts'

const READS = new Set(['GET', 'HEAD'])

/**
 * Finds out who calls and builds the verb's context. The session is read while the handler already
 * reads what it needs: its answer is thrown away if the session turns out to have ended, and no write
 * leaves before it is known.
 */
export function admit(access: Access) {
  return createMiddleware<AppEnv>(async function admitCaller(c, next) {
    const { isolate, meter } = c.var
    const token = bearerToken(c.req.header('authorization'))
    const build = (actor: Actor): ServiceContext =>
      createContext(isolate, c.env, {
        actor,
        origin: {
          ip: c.req.header('cf-connecting-ip') ?? null,
          userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
        },
        meter,
        defer: (work) => c.executionCtx.waitUntil(work),
        bookmarks: parseBookmarks(c.req.header('x-d1-bookmark')),
        mayWrite: !READS.has(c.req.method),
      })

    if (access === 'public') {
      c.set('ctx', await optionally(token, build, isolate))
      await next()
      return
    }
    const ticket = access === 'ticket' ? c.req.query('ticket') : undefined
    if (ticket !== undefined) c.set('ticket', await isolate.socketTickets.open(ticket))
    const { userId, sessionId } = c.var.ticket ?? (await verified(token, isolate))
    c.var.scope.userId = userId
    const ctx = build({ kind: 'user', userId, sessionId })
    c.set('ctx', ctx)
    const session = ctx.session()
    if (typeof access === 'object') demandPermissions(access.permissions, (await session).permissions)
    await next()
    await session
  })
}

/** On a public route a valid token still says who calls; any other is as none. */
async function optionally(
  token: string | undefined,
  build: (actor: Actor) => ServiceContext,
  { accessTokens }: Isolate,
): Promise<ServiceContext> {
  if (token !== undefined) {
    try {
      const { userId, sessionId } = await accessTokens.verify(token)
      const ctx = build({ kind: 'user', userId, sessionId })
      await ctx.session()
      return ctx
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return build({ kind: 'anonymous' })
}

function verified(token: string | undefined, { accessTokens }: Isolate) {
  if (token === undefined) throw unauthenticated('no bearer token')
  return accessTokens.verify(token)
}

function demandPermissions(required: readonly string[], held: readonly string[]): void {
  const missing = required.filter((permission) => !held.includes(permission))
  if (missing.length === 0) return
  throw new Refusal('FORBIDDEN', `This needs the permissions ${required.join(', ')}. Missing: ${missing.join(', ')}`)
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([\w.~+/=-]+)$/i.exec(header ?? '')?.[1]
}
