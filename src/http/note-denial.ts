import type { Context } from 'hono'
import { createContext } from '../compose.ts'
import { highestRole, type ServiceContext } from '../context.ts'
import type { ErrorCode, Refusal } from '../platform/errors.ts'
import { Meter } from '../platform/observability/meter.ts'
import type { AppEnv } from './app-env.ts'
import type { Matched } from './matched.ts'
import { statusOf } from './problem.ts'

/**
 * Puts into the audit trail whom a 403 has kept out of what, whichever of its codes they were told: after the answer,
 * and no more often than an isolate allows, so that nobody fills the trail by asking again. The log has all of them,
 * and those by the rules of a conversation alone.
 */
export function noteDenial(c: Context<AppEnv>, refusal: Refusal): void {
  const isolate = c.get('isolate')
  const ctx = c.get('ctx')
  const matched = c.get('matched')
  if (statusOf(refusal) !== 403 || refusal.isRoutine || !matched || ctx?.actor.kind !== 'user') return
  // By a key it is another thing than by its owner, who may come in where it may not.
  const { userId, apiKeyId } = ctx.actor
  if (!isolate.denials.takes(`${apiKeyId ?? userId} ${matched.route}`)) return
  ctx.defer(note(c, ctx, { userId, apiKeyId, code: refusal.code }, matched))
}

/** Written by the system: the caller, who was refused, writes nothing. */
async function note(
  c: Context<AppEnv>,
  { origin, session, defer }: ServiceContext,
  { userId, apiKeyId, code }: { userId: string; apiKeyId: string | undefined; code: ErrorCode },
  { route, contract }: Matched,
): Promise<void> {
  const isolate = c.get('isolate')
  const { roles, apiKey } = await session()
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
    details: {
      ...(apiKeyId && { apiKeyId }),
      ...{ path: c.req.path, code, required: requiredBy(contract) },
      // Their own: what a key has of it is told by its scopes.
      userRole: highestRole(apiKey?.ownerRoles ?? roles),
    },
  })
  await system.core.commit([denied])
}

function requiredBy({ policy: { access } }: Matched['contract']): unknown {
  if (typeof access !== 'object') return access
  const { owner: _, ...required } = access
  return required
}
