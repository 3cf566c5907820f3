import type { Notification } from '../api-types.ts'
import { tell } from '../tell.ts'
import { isLogged, isMomentary, type UserEvent } from './events.ts'
import { LiveSocket } from './live-socket.ts'
import type { CloseReason, ConnectionState, ServerEvent } from './socket-types.ts'

export interface UserListener {
  /**
   * Hints, each once: the events of all rooms with their `roomId`, and what is the person's own. After each `open` the
   * lists know what was missed.
   */
  onEvent(event: UserEvent): void
  onState?(state: ConnectionState, reason: CloseReason | null): void
}

export interface UserConnection {
  close(reason?: CloseReason): void
}

export interface UserWiring {
  address(): Promise<string>
  renewSession(): Promise<boolean>
  onClosed(): void
}

/** Enough to drop what is told twice; older entries go first. */
const REMEMBERED = 500

const OWN: ReadonlySet<string> = new Set(['notification:new', 'room:activity', 'room:joined', 'room:removed'])

export function openUserSocket(wiring: UserWiring, listener: UserListener): UserConnection {
  const isNews = newsFilter()
  const socket: LiveSocket = new LiveSocket({
    address: () => wiring.address(),
    renewSession: () => wiring.renewSession(),
    onOpen: () => socket.ready(),
    onEvent: (told) => {
      const event = isNews(told) ? toUserEvent(told) : undefined
      if (event) tell(() => listener.onEvent(event))
    },
    onState: (state, reason) => {
      if (state === 'closed') wiring.onClosed()
      tell(() => listener.onState?.(state, reason))
    },
  })
  return socket
}

/** Undefined for what this client does not know. The server's word for the shapes of the others. */
function toUserEvent({ event, seq, data }: ServerEvent): UserEvent | undefined {
  if (OWN.has(event)) return { event, data } as UserEvent
  const { roomId } = data as { roomId?: string }
  if (roomId === undefined) return undefined
  if (isLogged(event)) return { event, seq, roomId, data } as UserEvent
  return isMomentary(event) ? ({ event, roomId, data } as UserEvent) : undefined
}

/** Rooms repeat what they are not sure to have told, and notifications overtake each other on their way. */
function newsFilter(): (told: ServerEvent) => boolean {
  const newest = new Map<string, number>()
  const isNewer = (key: string, number: number): boolean => {
    if ((newest.get(key) ?? -1) >= number) return false
    newest.delete(key)
    newest.set(key, number)
    const oldest = newest.keys().next().value
    if (newest.size > REMEMBERED && oldest !== undefined) newest.delete(oldest)
    return true
  }
  return ({ event, seq, data }) => {
    if (event === 'notification:new') {
      const { id, version } = data as Notification
      return isNewer(`notification ${id}`, version)
    }
    const { roomId } = (data ?? {}) as { roomId?: string }
    return seq === undefined || roomId === undefined || isNewer(`room ${roomId}`, seq)
  }
}
