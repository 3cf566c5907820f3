import { idTime } from '../../src/platform/ids.ts'

/** Which sessions of a user have ended: those named, or with null all that began up to `before`. */
export interface Ended {
  sessionIds: string[] | null
  /** Milliseconds. */
  before: number
}

/** A session's id says when it began. */
export function isAmong({ sessionIds, before }: Ended, sessionId: string): boolean {
  return sessionIds === null ? idTime(sessionId) <= before : sessionIds.includes(sessionId)
}
