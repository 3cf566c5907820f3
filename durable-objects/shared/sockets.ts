import { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
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

/** The people who have a socket open here. */
export function presentUserIds(state: DurableObjectState): string[] {
  const open = state.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN)
  return [...new Set(open.map((socket) => callerOf(socket).userId))]
}

/** Closes sockets whose session has ended; null for all of the user's. Answers the sessions closed. */
export function closeSockets(state: DurableObjectState, userId: string, sessionIds: string[] | null): string[] {
  return state.getWebSockets(userId).flatMap((socket) => {
    const { sessionId } = callerOf(socket)
    if (sessionIds !== null && !sessionIds.includes(sessionId)) return []
    socket.close(CLOSE.sessionEnded, 'The session has ended')
    return [sessionId]
  })
}
