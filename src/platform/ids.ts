import { v7 } from 'uuid'
import { SECOND_MS } from './clock.ts'
import { sha256Hex } from './security/encoding.ts'

/** When a UUIDv7 was made, in milliseconds. */
export function idTime(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** How far back a clock may go and still be taken for the same time: ids go on from the last one meanwhile. */
const BACKWARD_MS = SECOND_MS
/** Half of what one millisecond's counter takes, so that it can go on counting. */
const FIRST_OF_A_MILLISECOND = 2 ** 30

let last = { ms: 0, count: 0 }

/**
 * UUIDv7 text: ids sort by the time of their making, also within one millisecond of one isolate. The library's own
 * memory of the time never goes back: one wrong moment of a clock would date all later ids into the future.
 */
export function newId(): string {
  const now = Date.now()
  const goesOn = now <= last.ms && now > last.ms - BACKWARD_MS
  last = goesOn
    ? { ms: last.ms, count: last.count + 1 }
    : { ms: now, count: Math.floor(Math.random() * FIRST_OF_A_MILLISECOND) }
  return v7({ msecs: last.ms, seq: last.count })
}

/** The smallest id of a time: what is below was made before it. */
export function idFloor(ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The id of what a cause (by its UUIDv7) has as its effect on a subject: always the same one, and as old as the cause. */
export async function effectId(causeId: string, subject: string): Promise<string> {
  const hash = await sha256Hex(`${causeId} ${subject}`)
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(3), 16) % 4)
  return `${causeId.slice(0, 13)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}
