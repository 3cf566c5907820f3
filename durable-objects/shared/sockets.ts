import { SECOND_MS } from '../../src/platform/clock.ts'
import { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { type Ended, isAmong } from './ended.ts'
import { CLOSE } from './frames.ts'

export function callerOf(socket: WebSocket): SocketCaller {
  return SocketCaller.parse(socket.deserializeAttachment())
}

/** Takes a socket that may hibernate, tagged with its user's id. Answers the end that goes to the client. */
export function acceptSocket(
  state: DurableObjectState,
  caller: SocketCaller,
): { client: WebSocket; server: WebSocket } {
  const { 0: client, 1: server } = new WebSocketPair()
  state.acceptWebSocket(server, [caller.userId])
  server.serializeAttachment(caller)
  return { client, server }
}

/** A socket that has not been heard of for this long may be dead without anybody having said so. */
const SILENCE_MS = 60 * SECOND_MS

/** Whether the socket was opened or pinged a little while ago: clients ping every 25 seconds. */
export function wasHeardLately(state: DurableObjectState, socket: WebSocket): boolean {
  const pinged = state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
  return Date.now() - Math.max(pinged, callerOf(socket).openedAt) < SILENCE_MS
}

/** The people who are here now, as far as that can be known. */
export function presentUserIds(state: DurableObjectState): string[] {
  const sockets = state.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN)
  const alive = sockets.filter((socket) => wasHeardLately(state, socket))
  return [...new Set(alive.map((socket) => callerOf(socket).userId))]
}

/** Closes sockets whose session has ended. Answers how many. */
export function closeSockets(state: DurableObjectState, userId: string, ended: Ended): number {
  const meant = state.getWebSockets(userId).filter((socket) => isAmong(ended, callerOf(socket).sessionId))
  for (const socket of meant) socket.close(CLOSE.sessionEnded, 'The session has ended')
  return meant.length
}
