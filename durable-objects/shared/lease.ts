import { HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'

/**
 * A room relays to a person's object for this long after it was asked to, or last reached a socket there. It is long
 * because each renewal is a call and two rows: whoever goes says so, and a relay that finds nobody ends it as well.
 */
export const LEASE_MS = 2 * HOUR_MS

/**
 * A relay that reaches somebody renews the lease on both sides, and each writes that down only where its note is
 * older than this. After a sleep a lease seems to end that much earlier, so it is asked for anew before that.
 */
export const NOTE_RENEWAL_MS = 30 * MINUTE_MS

/** What a relay answers. */
export interface Relayed {
  /** On how many sockets the lines were sent. */
  reached: number
  /** False where the person has been gone for longer than the grace: their lease has ended. */
  keep: boolean
}
