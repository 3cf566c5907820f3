import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/platform/clock.ts'
import { type Backoff, backoffMs } from '../../src/platform/resilience/backoff.ts'
import { LEASE_MS, NOTE_RENEWAL_MS } from '../shared/lease.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

/** Between the last socket and being gone: a page that reloads is not told of as a departure. */
const GRACE_MS = 15 * SECOND_MS
/** A person's rooms beyond the most recently active ones are for their list to show. */
export const MAX_LEASES = 200
/** What a room has not noted yet it has forgotten after a sleep: it is asked before that. */
const RENEW_AHEAD_MS = NOTE_RENEWAL_MS + 5 * MINUTE_MS
/** People who came back together, after a deploy say, do not renew together for ever. */
const SPREAD_MS = 10 * MINUTE_MS
/** Heals what a lost `follow` has left out. */
const LIST_EVERY_MS = HOUR_MS
/** Nobody tells of sockets that a deploy has dropped: whether there is one is looked at so often. */
const LOOK_EVERY_MS = 5 * MINUTE_MS
const RETRY: Backoff = { initialDelayMs: 5 * SECOND_MS, factor: 2, maxDelayMs: 2 * MINUTE_MS, jitter: 0.3 }

/** Of a person who is gone: a room that has agreed to relay, and was not told yet. What failed waits for its turn. */
const IS_TO_HEAR = '(leased_until > 0 and failures = 0)'

/** Where a room's object is. */
export interface RoomAddress {
  roomId: string
  objectName: string
}

export interface Lease {
  room_id: string
  object_name: string
  leased_until: number
  due_at: number
  failures: number
}

interface Attendance {
  gone_at: number | null
  list_at: number
}

/**
 * Which rooms know that this person is there, and what is to be said to which of them, when. All of it stands in the
 * tables; the calls are `tendLeases`. Times are in milliseconds.
 */
export class RoomLeases {
  readonly #sql: MeteredSql
  /** The same for all rooms: what is due together stays together. */
  readonly #spreadMs = Math.round(Math.random() * SPREAD_MS)

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  /**
   * Notes what has become of the sockets: that the first one opened, that the last one is gone and the grace begins,
   * or that the grace is over. Nobody needs to have told of an end, as a deploy does not.
   */
  look(hasSocket: boolean, now: number): void {
    const attendance = this.#attendance()
    if (hasSocket && !attendance) {
      this.#sql.all('insert into attendance values (1, null, ?)', now)
      // What was about to hear of the departure, or followed meanwhile: it is asked anew, whatever it knows.
      this.#sql.all('update leases set leased_until = 0, due_at = ?, failures = 0', now)
    } else if (hasSocket && attendance?.gone_at !== null) {
      this.#sql.all('update attendance set gone_at = null')
    } else if (!hasSocket && attendance?.gone_at === null) {
      this.#sql.all('update attendance set gone_at = ?', now + GRACE_MS)
    } else if (!hasSocket && attendance?.gone_at && attendance.gone_at <= now) {
      this.#sql.all('delete from attendance')
      // All of them are due by that alone. These may have agreed without its being known here.
      this.#sql.all(
        'update leases set leased_until = ?, failures = 0 where leased_until = 0 or failures > 0',
        now + LEASE_MS,
      )
    }
  }

  /** Nobody is there any more. What rooms still hold of it runs out by itself. */
  clear(): void {
    this.#sql.all('delete from attendance')
    this.#sql.all('delete from leases')
  }

  /** Whether rooms are to know this person as there. */
  isHere(): boolean {
    return this.#attendance() !== undefined
  }

  /** When there is something to do next. During the grace nothing is, but to see its end. */
  nextDue(): number | undefined {
    const attendance = this.#attendance()
    if (attendance?.gone_at) return attendance.gone_at
    if (attendance) {
      const first = this.#sql.first<{ at: number | null }>('select min(due_at) as at from leases')?.at
      return Math.min(nextLook(attendance.list_at, Date.now()), first ?? attendance.list_at)
    }
    const first = this.#sql.first<{ at: number | null }>(`select min(iif(${IS_TO_HEAR}, 0, due_at)) as at from leases`)
    return first?.at ?? undefined
  }

  isListDue(now: number): boolean {
    const attendance = this.#attendance()
    return attendance !== undefined && attendance.gone_at === null && attendance.list_at <= now
  }

  /** The rooms that the database names: those that are new here are called next. */
  addListed(rooms: readonly RoomAddress[], now: number): void {
    const space = MAX_LEASES - (this.#sql.first<{ n: number }>('select count(*) as n from leases')?.n ?? 0)
    this.#sql.all(
      `insert into leases (room_id, object_name, leased_until, due_at)
       select value ->> 'roomId', value ->> 'objectName', 0, ?1 from json_each(?2)
       where value ->> 'roomId' not in (select room_id from leases) limit ?3`,
      now,
      JSON.stringify(rooms),
      Math.max(0, space),
    )
    this.listAt(now + LIST_EVERY_MS)
  }

  listAt(at: number): void {
    this.#sql.all('update attendance set list_at = ?', at)
  }

  find(roomId: string): Lease | undefined {
    return this.#sql.first<Lease>('select * from leases where room_id = ?', roomId)
  }

  /**
   * The person has joined a room, which is called next where they are there. Where they are not it is remembered for an
   * hour, as they may come before the database knows of it.
   */
  follow({ roomId, objectName }: RoomAddress, now: number): void {
    const insert = 'insert into leases (room_id, object_name, leased_until, due_at) values (?, ?, 0, ?)'
    if (!this.isHere()) {
      this.#sql.all(`${insert} on conflict do nothing`, roomId, objectName, now + HOUR_MS)
    } else {
      // They may have been a member before: what the room knew of a lease then it knows no more.
      this.#sql.all(
        `${insert} on conflict do update set leased_until = 0, due_at = excluded.due_at, failures = 0`,
        ...[roomId, objectName, now],
      )
    }
    this.#sql.all(
      `delete from leases where room_id in (
         select room_id from leases where room_id <> ? order by leased_until
         limit max(0, (select count(*) from leases) - ?))`,
      ...[roomId, MAX_LEASES],
    )
  }

  /** The person is no member any more: what the room still sends reaches nobody. */
  unfollow(roomId: string, now: number): void {
    this.#sql.all('delete from leases where room_id = ?', roomId)
    // Events come in any order: if they have joined again meanwhile, the database says so.
    this.#sql.all('update attendance set list_at = min(list_at, ?)', now + MINUTE_MS)
  }

  /** A relay that reached so many sockets. Answers whether the room is to go on. */
  noteRelay(lease: Lease, reached: number, now: number): boolean {
    if (!this.isHere()) {
      this.#sql.all('delete from leases where room_id = ?', lease.room_id)
      return false
    }
    // The room is to be asked anyway.
    if (lease.leased_until === 0) return true
    const until = now + LEASE_MS
    if (reached === 0) {
      // Asked anew when a socket is back, it tells where it stands: whoever comes back learns what they have missed.
      this.#sql.all('update leases set leased_until = 0, due_at = ? where room_id = ?', now, lease.room_id)
    } else if (lease.leased_until < until - NOTE_RENEWAL_MS) {
      this.#sql.all(
        'update leases set leased_until = ?, due_at = ?, failures = 0 where room_id = ?',
        ...[until, this.#renewAt(until), lease.room_id],
      )
    }
    return true
  }

  /** Whom to call now. While the person is there this also takes what is due before the next look: one alarm does for all. */
  due(now: number): Lease[] {
    const attendance = this.#attendance()
    if (attendance?.gone_at) return []
    if (!attendance) return this.#sql.all<Lease>(`select * from leases where due_at <= ? or ${IS_TO_HEAR}`, now)
    return this.#sql.all<Lease>(
      'select * from leases where due_at <= ?1 or (due_at <= ?2 and leased_until > ?1 and failures = 0)',
      ...[now, now + LOOK_EVERY_MS],
    )
  }

  /** The room has agreed to relay until then. */
  keep(lease: Lease, until: number): void {
    this.#change(lease, { leasedUntil: until, dueAt: this.#renewAt(until), failures: 0 })
  }

  retry(lease: Lease, now: number): void {
    const failures = lease.failures + 1
    const dueAt = now + backoffMs(failures, RETRY, Math.random)
    this.#change(lease, { leasedUntil: lease.leased_until, dueAt, failures })
  }

  /** This and the two above change nothing where something else has come of the room while it was called. */
  forget({ room_id, due_at }: Lease): void {
    this.#sql.all('delete from leases where room_id = ? and due_at = ?', room_id, due_at)
  }

  #change(lease: Lease, to: { leasedUntil: number; dueAt: number; failures: number }): void {
    this.#sql.all(
      'update leases set leased_until = ?, due_at = ?, failures = ? where room_id = ? and due_at = ?',
      ...[to.leasedUntil, to.dueAt, to.failures, lease.room_id, lease.due_at],
    )
  }

  #attendance(): Attendance | undefined {
    return this.#sql.first<Attendance>('select gone_at, list_at from attendance')
  }

  #renewAt(until: number): number {
    return until - RENEW_AHEAD_MS - this.#spreadMs
  }
}

/** The looks between two readings of the list stand nowhere: whoever reckons gets the same times, without a row for each. */
function nextLook(listAt: number, now: number): number {
  const looksLeft = Math.ceil((listAt - now) / LOOK_EVERY_MS) - 1
  return listAt - Math.max(0, looksLeft) * LOOK_EVERY_MS
}
