import { sendLines } from '../shared/tick.ts'
import type { Audience } from './audience.ts'
import type { Flushed } from './flush.ts'

/** Tells all whom it concerns what a tick has done. Whoever is taken out hears before that what became of their commands. */
export function deliver(
  state: DurableObjectState,
  audience: Audience,
  { gone, senders, lines, reads }: Flushed,
  acks: Map<WebSocket, string[]>,
): void {
  for (const { userId, reason } of gone) {
    for (const socket of state.getWebSockets(userId)) {
      sendLines(socket, acks.get(socket) ?? [])
      acks.delete(socket)
    }
    audience.dismiss(userId, reason)
  }
  audience.hasSent(senders)
  audience.tell(lines, acks)
  for (const { userId, seq } of reads) audience.tellReader(userId, seq)
}
