import { type EventEnvelope, toWire } from '../events.ts'
import { LANES, type Lane, type LaneMessage } from '../queues/lanes.ts'
import type { Subscriber } from '../queues/subscriber.ts'

export type Routes = readonly Pick<Subscriber<never>, 'name' | 'event' | 'lane' | 'once'>[]

export interface RelayPorts {
  queues: Record<Lane, Queue>
  routes: Routes
}

const MAX_MESSAGES = 100
/** Below the platform's 256 KB, leaving room for its own framing. */
const MAX_BYTES = 200_000

/** How many messages these events will make: known when they are committed, before any is sent. */
export function countMessages(events: readonly EventEnvelope[], routes: Routes): number {
  return events.flatMap(({ type }) => routes.filter(({ event }) => event.type === type)).length
}

/**
 * Puts one message a subscriber on its lane; resolves when the queues have accepted all of them. `isWanted` leaves out
 * messages that are not to be sent.
 */
export async function sendToSubscribers(
  events: readonly EventEnvelope[],
  ports: RelayPorts,
  isWanted: (subscriber: string, event: EventEnvelope) => boolean = () => true,
): Promise<void> {
  for (const lane of Object.keys(LANES) as Lane[]) {
    const messages = events.flatMap((event): LaneMessage[] =>
      ports.routes
        .filter((route) => route.lane === lane && route.event.type === event.type && isWanted(route.name, event))
        .map((route) => ({ subscriber: route.name, event: toWire(event) })),
    )
    for (const chunk of chunksOf(messages)) {
      await ports.queues[lane].sendBatch(chunk.map((body) => ({ body, contentType: 'json' as const })))
    }
  }
}

function chunksOf(messages: LaneMessage[]): LaneMessage[][] {
  const chunks: LaneMessage[][] = []
  let bytes = 0
  for (const message of messages) {
    const size = new TextEncoder().encode(JSON.stringify(message)).byteLength
    const last = chunks.at(-1)
    if (last === undefined || last.length === MAX_MESSAGES || bytes + size > MAX_BYTES) {
      chunks.push([message])
      bytes = size
    } else {
      last.push(message)
      bytes += size
    }
  }
  return chunks
}
