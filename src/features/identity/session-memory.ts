import type { SessionMemory, SessionState, Tier } from '../../context.ts'
import type { Clock } from '../../platform/clock.ts'
import { SESSION_MEMORY_MS } from './domain/session-policy.ts'

const MAX_REMEMBERED = 10_000

/** One per isolate. What it holds may vanish at any time: a miss reads the primary. */
export function createSessionMemory(clock: Clock): SessionMemory {
  const states = new Map<string, { state: SessionState; readAt: number }>()
  /** When a session, or all of a user's, was forgotten: a read that began before that must not bring it back. */
  const forgotten = new Map<string, number>()
  const tiers = new Map<string, { tier: Tier; readAt: number }>()
  /** Sessions that were found to have ended, and when. */
  const ended = new Map<string, number>()
  const forget = (id: string): void => {
    if (forgotten.size >= MAX_REMEMBERED) forgotten.clear()
    forgotten.set(id, clock())
  }
  const wasForgottenSince = (id: string, time: number): boolean =>
    (forgotten.get(id) ?? Number.NEGATIVE_INFINITY) >= time
  return {
    get(sessionId) {
      const known = states.get(sessionId)
      if (!known) return undefined
      const now = clock()
      if (now - known.readAt < SESSION_MEMORY_MS && known.state.expiresAt > now) return known.state
      states.delete(sessionId)
      return undefined
    },
    set(state, readAt) {
      if (wasForgottenSince(state.sessionId, readAt) || wasForgottenSince(state.userId, readAt)) return false
      if (states.size >= MAX_REMEMBERED) states.clear()
      states.set(state.sessionId, { state, readAt })
      if (tiers.size >= MAX_REMEMBERED) tiers.clear()
      tiers.set(state.userId, { tier: state.tier, readAt })
      return true
    },
    tierOf(userId) {
      const known = tiers.get(userId)
      return known && clock() - known.readAt < SESSION_MEMORY_MS ? known.tier : undefined
    },
    noteEnded(sessionId) {
      if (ended.size >= MAX_REMEMBERED) ended.clear()
      ended.set(sessionId, clock())
    },
    isKnownEnded: (sessionId) => clock() - (ended.get(sessionId) ?? Number.NEGATIVE_INFINITY) < SESSION_MEMORY_MS,
    forget(sessionId) {
      forget(sessionId)
      states.delete(sessionId)
    },
    forgetUser(userId) {
      forget(userId)
      tiers.delete(userId)
      for (const [id, { state }] of states) if (state.userId === userId) states.delete(id)
    },
  }
}
