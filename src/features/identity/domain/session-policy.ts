import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../platform/clock.ts'

/** A refresh token lives this long; each rotation begins the time anew. */
export const REFRESH_TOKEN_MS = 7 * DAY_MS
/** However often it is rotated, a session ends this long after its sign-in. */
const SESSION_MAX_MS = 90 * DAY_MS
/** A client that lost the answer of a refresh may repeat it for this long. */
export const REFRESH_GRACE_MS = 10 * SECOND_MS
/** How far the database may be behind of what a session's renewals have made of it; see docs/decisions/0039. */
export const NOTED_EVERY_MS = DAY_MS
/**
 * A person's object keeps a renewal for longer than the database could take the session for a live one: what is
 * forgotten sooner would make an old refresh token good again.
 */
export const KEEP_RENEWALS_MS = REFRESH_TOKEN_MS + 2 * NOTED_EVERY_MS
/** For how long a proof of who somebody is counts as fresh. */
export const STEP_UP_MS = 5 * MINUTE_MS
/** How many sessions of one user live at once: where one more begins, the ones that began first end. */
export const MOST_LIVE_SESSIONS = 100
/** How long an isolate trusts what it read of a session: the bound on how late a revocation is noticed. */
export const SESSION_MEMORY_MS = 5 * SECOND_MS

/** Why a session ended before its time. */
export const END_REASONS = [
  'signed_out',
  'signed_out_everywhere',
  'signed_out_elsewhere',
  'ended_by_user',
  'signed_in_anew',
  'too_many',
  'ended_by_admin',
  'reuse',
  'password_changed',
  'deactivated',
  'deleted',
] as const
export type EndReason = (typeof END_REASONS)[number]

/** When a session ends that was renewed last `now`, unless it is renewed again. */
export function sessionExpiry(now: number, createdAt: number): number {
  return Math.min(now + REFRESH_TOKEN_MS, createdAt + SESSION_MAX_MS)
}

/** What the database notes instead: no session ends later, and none that is renewed passes it within a day. */
export function notedExpiry(now: number, createdAt: number): number {
  return Math.min(now + REFRESH_TOKEN_MS + NOTED_EVERY_MS, createdAt + SESSION_MAX_MS)
}

export interface StoredRefresh {
  generation: number
  refreshHash: string
  createdAt: number
  rotatedAt: number
}

export type RefreshDecision =
  /** The newest token: make its successor. */
  | 'rotate'
  /** The one before it, within the grace: give the same successor again. */
  | 'repeat'
  /** A token that was already replaced: somebody has a copy, so the family ends. */
  | 'reuse'
  | 'refuse'

/** Decides what a refresh token of a session that nobody has ended is worth. Its MAC is known to be ours. */
export function decideRefresh(
  presented: { generation: number; hash: string },
  stored: StoredRefresh,
  now: number,
): RefreshDecision {
  if (sessionExpiry(stored.rotatedAt, stored.createdAt) <= now) return 'refuse'
  if (presented.generation === stored.generation) {
    return presented.hash === stored.refreshHash ? 'rotate' : 'refuse'
  }
  if (presented.generation > stored.generation) return 'refuse'
  const isPredecessor = presented.generation === stored.generation - 1
  return isPredecessor && now - stored.rotatedAt <= REFRESH_GRACE_MS ? 'repeat' : 'reuse'
}
