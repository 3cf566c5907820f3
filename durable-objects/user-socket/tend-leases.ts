import { listActiveRooms } from '../../src/features/chat/index.ts'
import { currentCall } from '../../src/platform/call.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { drizzleOver } from '../../src/platform/db/store.ts'
import { inTurns } from '../../src/platform/in-turns.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { Meter, type Spending } from '../../src/platform/observability/meter.ts'
import type { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { limitTime, systemTiming } from '../../src/platform/resilience/time-limit.ts'
import type { Outcome } from '../../src/platform/result.ts'
import type { ChatRoom } from '../chat-room/index.ts'
import { push } from '../shared/frames.ts'
import { LEASE_MS, NOTE_RENEWAL_MS } from '../shared/lease.ts'
import { type Lease, MAX_LEASES, type RoomLeases } from './leases.ts'

/** Calls to rooms that a person's object has under way. */
export const ROOMS_AT_ONCE = 10
const PATIENCE_MS = 5 * SECOND_MS
const LIST_AGAIN_MS = 10 * SECOND_MS

export interface LeaseParts {
  userId: string
  leases: RoomLeases
  rooms: DurableObjectNamespace<ChatRoom>
  database: D1Database
  /** Who is behind the newest socket; undefined where none is open. */
  caller(): SocketCaller | undefined
  /** To all sockets that are open. */
  show(lines: readonly string[]): void
  spent: Spending
  log: Logger
}

/**
 * Says to rooms what is due: that the person is there, still there, or gone. What fails is due again later, so the
 * next alarm takes it up; one room's failure keeps nobody else waiting.
 */
export async function tendLeases(parts: LeaseParts): Promise<void> {
  const { leases } = parts
  if (leases.isListDue(Date.now())) await list(parts)
  const hints: string[] = []
  await inTurns(leases.due(Date.now()), ROOMS_AT_ONCE, async (lease) => {
    const hint = await callRoom(parts, lease)
    if (hint !== undefined) hints.push(hint)
  })
  parts.show(hints)
}

async function list({ userId, leases, database, spent, log }: LeaseParts): Promise<void> {
  // A replica will do: what it does not know yet was told here.
  const nearest = database.withSession('first-unconstrained')
  const db = drizzleOver(new MeteredD1(nearest, new Meter(spent), log))
  try {
    leases.addListed(await patiently(async () => listActiveRooms(db, userId, MAX_LEASES)), Date.now())
  } catch (error) {
    log.warn('Rooms Not Listed', { error })
    leases.listAt(Date.now() + LIST_AGAIN_MS)
  }
}

/** Answers a line for the person where they may have missed something of the room: where it stands now. */
async function callRoom(parts: LeaseParts, lease: Lease): Promise<string | undefined> {
  const { leases, log } = parts
  const now = Date.now()
  try {
    if (!leases.isHere()) await tellGone(parts, lease, now)
    else return await askToRelay(parts, lease, now)
  } catch (error) {
    log.warn('Room Not Reached', { roomId: lease.room_id, failures: lease.failures + 1, error })
    leases.retry(lease, Date.now())
  }
  return undefined
}

async function tellGone({ userId, leases, rooms }: LeaseParts, lease: Lease, now: number): Promise<void> {
  // A relay may have renewed it since it was noted.
  if (lease.leased_until + NOTE_RENEWAL_MS > now) {
    // What it refuses, it need not be told.
    const room = rooms.getByName(lease.object_name)
    await patiently<Outcome<null>>(async () => room.unsubscribe(currentCall(), userId))
  }
  leases.forget(lease)
}

async function askToRelay(
  { leases, rooms, caller }: LeaseParts,
  lease: Lease,
  now: number,
): Promise<string | undefined> {
  const person = caller()
  // The last socket has closed since, or the person has left the room.
  if (!person || !leases.find(lease.room_id)) return undefined
  const { userId, username, avatar } = person
  const until = now + LEASE_MS
  const room = rooms.getByName(lease.object_name)
  const answer = await patiently<Outcome<{ seq: number }>>(async () =>
    room.subscribe(currentCall(), { userId, username, avatar, until }),
  )
  if (!answer.ok) {
    if (answer.code !== 'NOT_FOUND') throw new Error(`${answer.code}: ${answer.message}`)
    leases.forget(lease)
    return undefined
  }
  leases.keep(lease, until)
  return lease.leased_until > now ? undefined : push('room:activity', { roomId: lease.room_id, seq: answer.value.seq })
}

function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const late = () => new Error(`no answer within ${PATIENCE_MS} ms`)
  return limitTime({ ms: PATIENCE_MS, late, sleep: systemTiming.sleep }, ask)
}
