import type { SessionMemory, SessionState } from '../../context.ts'
import type { Clock } from '../../platform/clock.ts'
import { SESSION_MEMORY_MS } from './domain/session-policy.ts'

const MAX_REMEMBERED = 10_000

/** One per isolate. What it holds may vanish at any time: a miss reads the primary. */
export function createSessionMemory(clock: Clock): SessionMemory {
  const states = new Map<string, { state: SessionState; readAt: number }>()
  return {
    get(sessionId) {
      const known = states.get(sessionId)
      if (!known) return undefined
      const now = clock()
      if (now - known.readAt < SESSION_MEMORY_MS && known.state.expiresAt > now) return known.state
      states.delete(sessionId)
      return undefined
    },
    set(state) {
      if (states.size >= MAX_REMEMBERED) states.clear()
      states.set(state.sessionId, { state, readAt: clock() })
    },
    forget: (sessionId) => void states.delete(sessionId),
    forgetUser(userId) {
      for (const [id, { state }] of states) if (state.userId === userId) states.delete(id)
    },
  }
}
