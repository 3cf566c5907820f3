import type { Context } from 'hono'
import { createContext } from '../compose.ts'
import { highestRole, type ServiceContext } from '../context.ts'
import type { Refusal } from '../platform/errors.ts'
import { Meter } from '../platform/observability/meter.ts'
import type { AppEnv } from './app-env.ts'
import type { Matched } from './matched.ts'

/**
 * Puts into the audit trail whom a guard has kept out of what: after the answer, and no more often than an isolate
 * allows, so that nobody fills the trail by asking again. The log has all of them.
 */
export function noteDenial(c: Context<AppEnv>, refusal: Refusal): void {
  const { isolate, ctx, matched } = c.var
  if (refusal.code !== 'FORBIDDEN' || !matched || ctx?.actor.kind !== 'user') return
  if (!isolate.denials.takes(`${ctx.actor.userId} ${matched.route}`)) return
  ctx.defer(note(c, ctx, ctx.actor.userId, matched))
}

/** Written by the system: the caller, who was refused, writes nothing. */
async function note(
  c: Context<AppEnv>,
  { origin, session, defer }: ServiceContext,
  userId: string,
  { route, contract }: Matched,
): Promise<void> {
  const { isolate } = c.var
  const { roles } = await session()
  const system = createContext(isolate, c.env, {
    actor: { kind: 'system', name: 'access' },
    origin,
    meter: new Meter(isolate.figures.spent),
    defer,
    mayWrite: true,
  })
  const denied = system.audit('ACCESS_DENIED', {
    targetType: 'route',
    targetId: route,
    actorId: userId,
    details: { path: c.req.path, required: requiredBy(contract), userRole: highestRole(roles) },
  })
  await system.core.commit([denied])
}

function requiredBy({ policy: { access } }: Matched['contract']): unknown {
  if (typeof access !== 'object') return access
  const { roles, minimumRole, permissions, anyPermission, resource } = access
  return { roles, minimumRole, permissions, anyPermission, resource }
}
