import type { Logger } from '../../src/platform/observability/log.ts'
import type { RelayPorts } from '../../src/platform/outbox/relay.ts'
import type { Alarm } from '../shared/alarm.ts'

import type { Audience } from './audience.ts'
import type { RoomParts } from './parts.ts'
import { summarise, summaryDue } from './summary.ts'

export interface Tending {
  parts: RoomParts
  audience: Audience
  /** Rings again at once where a part is left. */
  alarm: Alarm
  transact: <T>(work: () => T) => T
  relay: () => RelayPorts
  log: Logger
}

/**
 * What a room does by its alarm: indexes what is not in the search yet, tells the databases and those who are elsewhere what
 * has come, and sends the events that it holds. False where something failed: it stays in log and outbox, which the next
 * alarm takes up again.
 */
export async function tendRoom(tending: Tending): Promise<boolean> {
  const isSummarised = await orLog(tending, 'Room Summary Failed', () => summariseNow(tending))
  const isDrained = await orLog(tending, 'Room Outbox Failed', () => drain(tending))
  return isSummarised && isDrained
}

async function summariseNow(tending: Tending): Promise<void> {
  const { parts, audience, transact } = tending
  index(tending)
  const due = summaryDue(parts)
  if (due !== undefined && due <= Date.now()) {
    audience.tellReads(transact(() => summarise(parts, audience)))
  }
}

/** A part of what is not in the index yet; the next alarm takes the rest. */
function index({ parts, alarm, transact }: Tending): void {
  const hasMore = transact(() => parts.room.find() !== undefined && parts.search.catchUp())
  if (hasMore) alarm.set(Date.now())
}

async function drain({ parts, alarm, relay }: Tending): Promise<void> {
  const hasMore = await parts.outbox.drain(relay())
  if (hasMore) alarm.set(Date.now())
}

async function orLog({ parts, log }: Tending, failure: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    log.error(failure, { roomId: parts.room.find()?.id, error })
    return false
  }
}
