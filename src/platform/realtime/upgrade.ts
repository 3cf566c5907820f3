import * as z from 'zod'
import { currentCall } from '../call.ts'

/** Who stands behind a socket: kept in its attachment, which survives hibernation. */
export const SocketCaller = z.strictObject({
  userId: z.uuid(),
  sessionId: z.uuid(),
  username: z.string(),
  avatar: z.string().nullable(),
  /** Milliseconds. */
  openedAt: z.int(),
})
export type SocketCaller = z.output<typeof SocketCaller>

/** An upgrade is the one request that an object gets; what the Worker knows of it travels in this header. */
const HEADER = 'x-selvage-upgrade'

const Upgrade = z.strictObject({
  call: z.strictObject({ correlationId: z.string(), traceparent: z.string(), tracestate: z.string().optional() }),
  caller: SocketCaller,
  /** The last seq that the client has; null where it asks for no replay. */
  since: z.int().nonnegative().nullable(),
  /** Whether what comes over the socket is before somebody's eyes; they are, where nothing is said. */
  isReading: z.boolean().default(true),
})
export type Upgrade = z.output<typeof Upgrade>

/** A request of our own making: nothing of the client's goes with it, so nothing can be forged. */
export function upgradeRequest(given: Omit<z.input<typeof Upgrade>, 'call'>): Request {
  const upgrade: z.input<typeof Upgrade> = { call: currentCall(), ...given }
  return new Request('https://object/upgrade', {
    headers: { Upgrade: 'websocket', [HEADER]: encodeURIComponent(JSON.stringify(upgrade)) },
  })
}

export function readUpgrade(request: Request): Upgrade {
  return Upgrade.parse(JSON.parse(decodeURIComponent(request.headers.get(HEADER) ?? 'null')))
}
