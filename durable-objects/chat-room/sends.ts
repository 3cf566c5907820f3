import { type Message, SendMessageBody } from '../../src/features/chat/schemas.ts'
import type { Attempt } from '../../src/platform/idempotency/idempotency.ts'
import { ack, type ClientFrame, nack, parseFrame, push } from '../shared/frames.ts'
import type { ObjectIdempotency } from '../shared/idempotency.ts'
import { sendLines } from '../shared/tick.ts'
import type { Draft, RoomLog } from './log.ts'

/** More than this after `since` is not replayed: the client loads history instead. */
const REPLAY_LIMIT = 500

/** A send that waits for the end of the tick: from a socket, or by RPC. */
export interface Pending {
  draft: Draft
  settle: Settle
}

type Settle =
  | { by: 'socket'; socket: WebSocket; frameId: ClientFrame['id'] }
  | {
      by: 'call'
      resolve: (sent: SentMessage) => void
      reject: (error: unknown) => void
      attempt: Attempt | undefined
    }

/** What a send answers, also to repeats. */
export interface SentMessage {
  message: Message
  isNew: boolean
}

type Written = ReturnType<RoomLog['append']> & { isNew: boolean[] }

/** The writes of one tick, in one transaction. */
export function writeSends(log: RoomLog, idempotency: ObjectIdempotency, pending: readonly Pending[]): Written {
  const written = log.append(pending.map(({ draft }) => draft))
  const freshIds = new Set(written.fresh.map(({ id }) => id))
  // Of several with one client id in one tick, the first has made the message.
  const isNew = written.messages.map(({ id }) => freshIds.delete(id))
  for (const [i, { settle }] of pending.entries()) {
    if (settle.by === 'call') idempotency.keep(settle.attempt, { message: written.messages[i], isNew: isNew[i] })
  }
  return { ...written, isNew }
}

/** What a newcomer missed, folded into lines, and last where the room stands. */
export function greeting(roomId: string, log: RoomLog, since: number | null): string[] {
  const seq = log.lastSeq
  const ready = push('room:ready', { roomId, seq })
  if (since === null) return [ready]
  const missed = log.since(since, REPLAY_LIMIT)
  if (!missed) return [push('resync', { seq }), ready]
  return [...missed.map((message) => push('message:new', message, message.seq)), ready]
}

/** Reads a client's frame: a send that can wait for its tick, or the lines of its refusal. */
export function receive(socket: WebSocket, userId: string, raw: string | ArrayBuffer): Pending | { refused: string[] } {
  const frame = parseFrame(raw)
  if (!frame) {
    return { refused: [push('error', { code: 'MALFORMED_REQUEST', message: 'This is not a frame of the protocol' })] }
  }
  if (frame.event !== 'message:send') {
    return { refused: nack(frame.id, { code: 'NOT_FOUND', message: `There is no event ${frame.event}` }) }
  }
  const body = SendMessageBody.safeParse(dropRoomId(frame.data))
  if (!body.success) {
    const issue = body.error.issues[0]
    const message = issue ? `${issue.path.join('.') || 'data'}: ${issue.message}` : 'Not valid'
    return { refused: nack(frame.id, { code: 'VALIDATION_FAILED', message }) }
  }
  return { draft: draftOf(userId, body.data), settle: { by: 'socket', socket, frameId: frame.id } }
}

export function draftOf(authorId: string, body: SendMessageBody): Draft {
  return { authorId, content: body.content, clientMessageId: body.clientMessageId ?? null }
}

/** The wire format has a `roomId` in the data; on a room's own socket it says nothing. */
function dropRoomId(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('roomId' in data)) return data
  const { roomId: _own, ...rest } = data
  return rest
}

/**
 * One tick: writes all that waited, then sends each socket one frame with its acknowledgements and the
 * new messages. Nothing is acknowledged that is not written: a write that fails refuses what it held.
 * Resolves calls likewise. Answers how many messages are new.
 */
export function flushSends(
  pending: readonly Pending[],
  write: () => Written,
  sockets: () => WebSocket[],
  onFailure: (error: unknown) => void,
): Message[] {
  let written: Written
  try {
    written = write()
  } catch (error) {
    onFailure(error)
    refuseAll(pending, error)
    return []
  }
  const acks = new Map<WebSocket, string[]>()
  for (const [i, { settle }] of pending.entries()) {
    const message = written.messages[i] as Message
    if (settle.by === 'call') settle.resolve({ message, isNew: written.isNew[i] === true })
    else linesOf(acks, settle.socket).push(ack(settle.frameId, { success: true, message }))
  }
  const shared = written.fresh.map((message) => push('message:new', message, message.seq)).join('\n')
  for (const socket of sockets()) {
    const own = acks.get(socket) ?? []
    acks.delete(socket)
    sendLines(socket, shared === '' ? own : [...own, shared])
  }
  return written.fresh
}

function refuseAll(pending: readonly Pending[], error: unknown): void {
  for (const { settle } of pending) {
    if (settle.by === 'call') settle.reject(error)
    else
      sendLines(
        settle.socket,
        nack(settle.frameId, { code: 'INTERNAL_ERROR', message: 'The message was not stored. Send it again.' }),
      )
  }
}

function linesOf(acks: Map<WebSocket, string[]>, socket: WebSocket): string[] {
  const lines = acks.get(socket) ?? []
  acks.set(socket, lines)
  return lines
}
