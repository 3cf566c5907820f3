import type { Actor, ProofStanding, SessionState } from './context.ts'
import type { Env } from './env.ts'
import { findProofStanding, findSessionState, type KeyUse, meetKey, readKeyState } from './features/identity/index.ts'
import type { Isolate } from './isolate.ts'
import { MeteredD1 } from './platform/db/metered-d1.ts'
import { type Db, drizzleOver } from './platform/db/store.ts'
import { Refusal, unauthenticated } from './platform/errors.ts'
import type { Meter } from './platform/observability/meter.ts'

/** On whose account a session is read, and what its use leaves behind. */
export interface Reading extends KeyUse {
  meter: Meter
}

/** What the caller's session says now, or is remembered of it. @throws Refusal where it has ended */
export async function readSession(
  isolate: Isolate,
  env: Env,
  actor: Actor,
  { meter, ...use }: Reading,
): Promise<SessionState> {
  if (actor.kind !== 'user') throw unauthenticated('no caller')
  const known = isolate.sessions.get(actor.sessionId)
  if (known) return known
  const db = primaryOf(isolate, env, meter)
  const read = async (): Promise<{ state: SessionState; isCurrent: boolean }> => {
    const readAt = isolate.clock()
    const state =
      actor.apiKeyId === undefined
        ? await findSessionState(db, actor.sessionId, readAt)
        : await readKeyState(db, actor.apiKeyId, readAt, use)
    if (!state || state.userId !== actor.userId) {
      isolate.sessions.noteEnded(actor.sessionId)
      throw unauthenticated('the session has ended')
    }
    return { state, isCurrent: isolate.sessions.set(state, readAt) }
  }
  const first = await read()
  // Sessions were ended here while it was read: a second read sees what became of this one.
  return first.isCurrent ? first.state : (await read()).state
}

/** From the primary, past what the isolate remembers of the session. */
export function readProof(isolate: Isolate, env: Env, session: SessionState, meter: Meter): Promise<ProofStanding> {
  return findProofStanding(primaryOf(isolate, env, meter), session)
}

/** Whatever the request's own reads may do: a revocation must not wait for a replica. */
export function primaryOf({ log }: Isolate, env: Env, meter: Meter): Db {
  return drizzleOver(new MeteredD1(env.DB.withSession('first-primary'), meter, log))
}

/** The tier that the caller's session gives them; undefined where it has ended. */
export async function readTier(
  isolate: Isolate,
  env: Env,
  { userId, sessionId, apiKeyId }: { userId: string; sessionId: string; apiKeyId?: string },
  reading: Reading,
): Promise<SessionState['tier'] | undefined> {
  try {
    return (await readSession(isolate, env, { kind: 'user', userId, sessionId, apiKeyId }, reading)).tier
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** The owner of an API key that this isolate has not met before; undefined where it is none that is good. */
export function meetCaller(
  isolate: Isolate,
  env: Env,
  key: { keyId: string; hash: string },
  { meter, ...use }: Reading,
): Promise<string | undefined> {
  const { clock, metKeys, sessions } = isolate
  return meetKey({ db: primaryOf(isolate, env, meter), clock, metKeys, sessions }, key, use)
}
