import { MINUTE_MS, SECOND_MS } from '../../src/platform/clock.ts'

/** A room relays to a person's object for this long after it was asked to, or last reached a socket there. */
export const LEASE_MS = 5 * MINUTE_MS

/**
 * A relay that reaches somebody renews the lease on both sides, and each writes that down only where its note is
 * older than this. After a sleep a lease seems to end that much earlier, which is well before it is asked for anew.
 */
export const NOTE_RENEWAL_MS = 30 * SECOND_MS

/** What a relay answers. */
export interface Relayed {
  /** On how many sockets the lines were sent. */
  reached: number
  /** False where the person has been gone for longer than the grace: their lease has ended. */
  keep: boolean
}
