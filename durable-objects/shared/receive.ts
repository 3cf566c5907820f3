import * as z from 'zod'
import { ROOM_COMMANDS, type RoomCommand, type RoomCommandName } from '../../src/features/chat/commands.ts'
import { type ClientFrame, nack, parseFrame, refuseMalformed } from './frames.ts'

/** What a client has said: a command, or that somebody writes or reads, or lines that refuse it. `roomId` is the room it names. */
export type Received =
  | { frame: ClientFrame; command: RoomCommand; roomId: string | undefined }
  | { typing: boolean; roomId: string | undefined }
  /** Of a room's own socket only. */
  | { reading: boolean }
  | { refused: string[] }

const RoomId = z.uuid()
const TYPING: Record<string, boolean | undefined> = { 'typing:start': true, 'typing:stop': false }
const READING: Record<string, boolean | undefined> = { 'reading:start': true, 'reading:stop': false }

/** Reads a client's frame. What it does not understand is answered, and the socket stays open. */
export function receive(raw: string | ArrayBuffer, of: 'room' | 'person'): Received {
  const frame = parseFrame(raw)
  if (!frame) return { refused: refuseMalformed(raw) }
  const { id, event } = frame
  const { roomId, data } = apart(frame.data ?? {})
  const typing = Object.hasOwn(TYPING, event) ? TYPING[event] : undefined
  if (typing !== undefined) return { typing, roomId }
  const reading = of === 'room' && Object.hasOwn(READING, event) ? READING[event] : undefined
  if (reading !== undefined) return { reading }
  if (!isCommand(event)) return { refused: nack(id, { code: 'NOT_FOUND', message: `There is no event ${event}` }) }
  const parsed = ROOM_COMMANDS[event].safeParse(data)
  if (!parsed.success) return { refused: nack(id, { code: 'VALIDATION_FAILED', message: complaint(parsed.error) }) }
  // The schema was picked by the event, which TypeScript does not follow through a table.
  return { frame, command: { event, data: parsed.data } as RoomCommand, roomId }
}

function isCommand(event: string): event is RoomCommandName {
  return Object.hasOwn(ROOM_COMMANDS, event)
}

function complaint(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.') || 'data'}: ${issue.message}` : 'Not valid'
}

/** The wire format has a `roomId` in the data: on a room's own socket it says nothing, on a person's which room is meant. */
function apart(data: unknown): { roomId: string | undefined; data: unknown } {
  if (typeof data !== 'object' || data === null || !('roomId' in data)) return { roomId: undefined, data }
  const { roomId, ...rest } = data
  return { roomId: RoomId.safeParse(roomId).data, data: rest }
}
