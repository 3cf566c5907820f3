import { z } from 'zod'

/** The largest client frame that is read, in characters; a message of 4,000 fits with its escapes. */
const MAX_FRAME_CHARACTERS = 32 * 1024
/** Who sends more than this at once is disconnected. */
export const MAX_FRAME_BYTES = 1_000_000

const ClientFrame = z.object({
  id: z.union([z.string().max(64), z.int()]),
  event: z.string().max(64),
  data: z.unknown(),
})
export type ClientFrame = z.output<typeof ClientFrame>

/** Undefined for what is no frame of the protocol: that is answered with an error, not a disconnect. */
export function parseFrame(raw: string | ArrayBuffer): ClientFrame | undefined {
  if (typeof raw !== 'string' || raw.length > MAX_FRAME_CHARACTERS) return undefined
  try {
    return ClientFrame.safeParse(JSON.parse(raw)).data
  } catch {
    return undefined
  }
}

/** One line of a server frame. */
export function push(event: string, data: unknown, seq?: number): string {
  return JSON.stringify(seq === undefined ? { event, data } : { event, seq, data })
}

export function ack(id: ClientFrame['id'], data: { success: true } & Record<string, unknown>): string {
  return JSON.stringify({ id, event: 'ack', data })
}

/** A refused command is acknowledged as refused, and told again as an `error` for those who listen for it. */
export function nack(
  id: ClientFrame['id'],
  error: { code: string; message: string; retryAfterSeconds?: number },
): string[] {
  return [JSON.stringify({ id, event: 'ack', data: { success: false, error } }), push('error', error)]
}

/** Close codes of our own. */
export const CLOSE = {
  /** The session behind the socket has ended. */
  sessionEnded: 4401,
  /** The person was removed from the room, or banned. */
  removed: 4403,
  /** The person has left the room, perhaps elsewhere. */
  left: 4404,
  /** The client does not heed that it says too much. */
  abuse: 4429,
  /** The protocol's own code. */
  tooLarge: 1009,
} as const
