import * as z from 'zod'
import { currentCall } from '../../src/platform/call.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { rootScope, type Scope, withNewTrace, withScope } from '../../src/platform/observability/scope.ts'
import { SocketCaller } from '../../src/platform/realtime/upgrade.ts'
import { type Ended, isAmong } from './ended.ts'
import { CLOSE } from './frames.ts'

/** A socket's attachment, at most 2 KB: who stands behind it, and the scope of the upgrade that opened it. */
const Attachment = SocketCaller.extend({
  upgrade: z.strictObject({ correlationId: z.string(), traceparent: z.string() }),
  /** Absent from sockets that were opened before it was kept. */
  isReading: z.boolean().default(true),
})
type Attachment = z.output<typeof Attachment>

/** What an instance knows of a socket: its attachment, read once, and the scope of what it asks for. */
interface Known {
  attachment: Attachment
  caller: SocketCaller
  scope: Scope
}

/** A socket is the same object until its instance sleeps; then it is read, and looked at, once more. */
const known = new WeakMap<WebSocket, Known>()

export function callerOf(socket: WebSocket): SocketCaller {
  return knownOf(socket).caller
}

function knownOf(socket: WebSocket): Known {
  return known.get(socket) ?? know(socket, Attachment.parse(socket.deserializeAttachment()))
}

function know(socket: WebSocket, attachment: Attachment): Known {
  const { upgrade, isReading: _says, ...caller } = attachment
  const scope = { ...rootScope(upgrade), userId: caller.userId }
  const fresh = { attachment, caller, scope }
  known.set(socket, fresh)
  return fresh
}

/** The one place that writes attachments. */
function attach(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment)
  know(socket, attachment)
}

/** Whether what comes over the socket is before somebody's eyes, as its client has said last. */
export function isReading(socket: WebSocket): boolean {
  return knownOf(socket).attachment.isReading
}

export function noteReading(socket: WebSocket, reading: boolean): void {
  attach(socket, { ...knownOf(socket).attachment, isReading: reading })
}

/**
 * Runs what a socket's frame or end asks for. The correlation id is that of its upgrade, so one id finds all that
 * came over a socket; the trace is new and linked to the upgrade, so that what one frame did stands by itself.
 */
export function inSocket<T>(socket: WebSocket, run: (caller: SocketCaller) => T): T {
  const { caller, scope } = knownOf(socket)
  return withScope(withNewTrace(scope), () => run(caller))
}

/**
 * Takes a socket that may hibernate, tagged with its user's id. Call it in the scope of the upgrade, which the
 * socket keeps. Answers the end that goes to the client.
 */
export function acceptSocket(
  state: DurableObjectState,
  caller: SocketCaller,
  isReadingNow = true,
): { client: WebSocket; server: WebSocket } {
  const { 0: client, 1: server } = new WebSocketPair()
  state.acceptWebSocket(server, [caller.userId])
  const { correlationId, traceparent } = currentCall()
  attach(server, { ...caller, upgrade: { correlationId, traceparent }, isReading: isReadingNow })
  return { client, server }
}

/** Those that can be written to: one that closes is still among the platform's for a while. */
export function openSockets(state: DurableObjectState, userId?: string): WebSocket[] {
  return state.getWebSockets(userId).filter(({ readyState }) => readyState === WebSocket.OPEN)
}

/** Who opened the latest of the open sockets. */
export function newestCaller(state: DurableObjectState): SocketCaller | undefined {
  return openSockets(state)
    .map(callerOf)
    .toSorted((a, b) => b.openedAt - a.openedAt)[0]
}

/** Codes that say why no close frame came, so none may carry them. */
const NEVER_SENT: ReadonlySet<number> = new Set([1004, 1005, 1006, 1015])
const NORMAL = 1000

/**
 * Completes a close that the client has begun. Of sockets that hibernate the platform leaves that to us; without it
 * the client would wait until it gives up, and call it a lost connection.
 */
export function answerClose(socket: WebSocket, code: number): void {
  socket.close(NEVER_SENT.has(code) ? NORMAL : code)
}

/** A socket that has not been heard of for this long may be dead without anybody having said so. */
const SILENCE_MS = 60 * SECOND_MS

/** Whose socket it is: of one that was not read yet by its tag, as a thousand attachments take too long to read. */
export function userIdOf(state: DurableObjectState, socket: WebSocket): string {
  return known.get(socket)?.caller.userId ?? state.getTags(socket)[0] ?? callerOf(socket).userId
}

/** Whether the socket was opened or pinged a little while ago: clients ping every 25 seconds. */
export function wasHeardLately(state: DurableObjectState, socket: WebSocket): boolean {
  const since = Date.now() - SILENCE_MS
  const pinged = state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
  return pinged > since || callerOf(socket).openedAt > since
}

/** An open socket that may be dead; of one person, where one is named. */
export function findSilent(state: DurableObjectState, userId?: string): WebSocket | undefined {
  return openSockets(state, userId).find((socket) => !wasHeardLately(state, socket))
}

/** The people who are here now, as far as that can be known. One living socket of each is enough. */
export function presentUserIds(state: DurableObjectState): Set<string> {
  const present = new Set<string>()
  for (const socket of openSockets(state)) {
    const userId = userIdOf(state, socket)
    if (!present.has(userId) && wasHeardLately(state, socket)) present.add(userId)
  }
  return present
}

/** Of those who are here, the ones who look at it. */
export function readerIds(state: DurableObjectState): Set<string> {
  const readers = new Set<string>()
  for (const socket of openSockets(state)) {
    const userId = userIdOf(state, socket)
    if (!readers.has(userId) && isReading(socket) && wasHeardLately(state, socket)) readers.add(userId)
  }
  return readers
}

/** Whether this person does. */
export function isReader(state: DurableObjectState, userId: string): boolean {
  return openSockets(state, userId).some((socket) => isReading(socket) && wasHeardLately(state, socket))
}

/** Closes sockets whose session has ended. Answers the session of each. */
export function closeSockets(state: DurableObjectState, userId: string, ended: Ended): string[] {
  const meant = state.getWebSockets(userId).filter((socket) => isAmong(ended, callerOf(socket).sessionId))
  for (const socket of meant) socket.close(CLOSE.sessionEnded, 'The session has ended')
  return meant.map((socket) => callerOf(socket).sessionId)
}
