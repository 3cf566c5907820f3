import type { SessionMemory, SessionState } from '../../../context.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Db } from '../../../platform/db/store.ts'
import { isSameHash, type MetKeys } from './met-keys.ts'
import { findKeyState, isUseDue, type KeyState, noteKeyUse } from './queries.ts'

/** What the use of a key leaves behind: where it was used, noted after the answer. */
export interface KeyUse {
  ip: string | null
  defer: (work: Promise<unknown>) => void
}

/** What a key may do now; undefined where it holds no more. Its secret was checked when it was met. */
export async function readKeyState(db: Db, keyId: string, now: number, use: KeyUse): Promise<SessionState | undefined> {
  const found = await findKeyState(db, keyId, now)
  if (found) noteUse(db, keyId, found, now, use)
  return found?.state
}

interface Meeting {
  db: Db
  clock: Clock
  metKeys: MetKeys
  sessions: SessionMemory
}

/** Whose key it is, if it is one that is good: then it is known here from now on, and what it may do for a while. */
export async function meetKey(
  { db, clock, metKeys, sessions }: Meeting,
  { keyId, hash }: { keyId: string; hash: string },
  use: KeyUse,
): Promise<string | undefined> {
  const readAt = clock()
  const found = await findKeyState(db, keyId, readAt)
  if (!found || !isSameHash(found.hash, hash)) return undefined
  const { userId } = found.state
  metKeys.add(keyId, { userId, hash })
  // Where it was revoked here while it was read, the next look sees that.
  sessions.set(found.state, readAt)
  noteUse(db, keyId, found, readAt, use)
  return userId
}

/** Nobody waits for it, and it is no harm if it is lost. */
function noteUse(db: Db, keyId: string, { lastUsedAt }: KeyState, now: number, { ip, defer }: KeyUse): void {
  if (isUseDue(lastUsedAt, now)) defer(noteKeyUse(db, keyId, ip, now).catch(() => undefined))
}
