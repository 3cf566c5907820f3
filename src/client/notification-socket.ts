import { LiveSocket } from './live-socket.ts'
import type { CloseReason, ConnectionState } from './socket-types.ts'
import type { Notification } from './types.ts'

export type NotificationEvent = { event: 'notification:new'; data: Notification }

export interface NotificationListener {
  /** A hint: the newest version of a notification. After each `open` the lists know what was missed. */
  onEvent(event: NotificationEvent): void
  onState?(state: ConnectionState, reason: CloseReason | null): void
}

export interface NotificationConnection {
  close(reason?: CloseReason): void
}

export interface NotificationWiring {
  address(): Promise<string>
  renewSession(): Promise<boolean>
}

/** Enough to drop what overtakes each other on the way; older entries go first. */
const REMEMBERED = 500

export function openNotificationSocket(
  wiring: NotificationWiring,
  listener: NotificationListener,
): NotificationConnection {
  const versions = new Map<string, number>()
  const isNewer = ({ id, version }: Notification): boolean => {
    if ((versions.get(id) ?? 0) >= version) return false
    versions.delete(id)
    versions.set(id, version)
    const oldest = versions.keys().next().value
    if (versions.size > REMEMBERED && oldest !== undefined) versions.delete(oldest)
    return true
  }
  const socket: LiveSocket = new LiveSocket({
    address: () => wiring.address(),
    renewSession: () => wiring.renewSession(),
    onOpen: () => socket.ready(),
    onEvent: ({ event, data }) => {
      if (event === 'notification:new' && isNewer(data as Notification)) {
        listener.onEvent({ event, data: data as Notification })
      }
    },
    onState: (state, reason) => listener.onState?.(state, reason),
  })
  return socket
}
