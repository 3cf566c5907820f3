import * as z from 'zod'

/** The largest client frame that is read, in characters; a message of 4,000 emoji fits with each as two escapes. */
const MAX_FRAME_CHARACTERS = 64 * 1024
/** Who sends more than this at once is disconnected. */
export const MAX_FRAME_BYTES = 1_000_000
const MAX_BYTES_OF_A_UNIT = 3

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

/** Whether a frame has more than `MAX_FRAME_BYTES`, as UTF-8 where it is text. */
export function isOversize(raw: string | ArrayBuffer): boolean {
  if (typeof raw !== 'string') return raw.byteLength > MAX_FRAME_BYTES
  if (raw.length * MAX_BYTES_OF_A_UNIT <= MAX_FRAME_BYTES) return false
  return raw.length > MAX_FRAME_BYTES || new TextEncoder().encode(raw).length > MAX_FRAME_BYTES
}

const ID_FIRST = /^\s*\{\s*"id"\s*:\s*(?:(-?\d{1,15})|"([^"\\]{0,64})")\s*[,}]/
const LONGEST_BEGINNING = 200

/** Refuses what is no frame. Where its beginning gives an id, that is acknowledged: somebody may wait for it. */
export function refuseMalformed(raw: string | ArrayBuffer): string[] {
  const error = { code: 'MALFORMED_REQUEST', message: 'This is not a frame of the protocol' }
  const [, number, text] = (typeof raw === 'string' && ID_FIRST.exec(raw.slice(0, LONGEST_BEGINNING))) || []
  const id = number === undefined ? text : Number(number)
  return id === undefined ? [push('error', error)] : nack(id, error)
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

/** A failure of ours: the same command again is safe, as it says itself whether it was done. */
export const NOT_DONE = { code: 'INTERNAL_ERROR', message: 'Not stored. Send it again.', retryAfterSeconds: 1 }

export function tooFast(waitMs: number): Parameters<typeof nack>[1] {
  const retryAfterSeconds = Math.ceil(waitMs / 1_000)
  return { code: 'RATE_LIMITED', message: `Too fast: try again in ${retryAfterSeconds} seconds`, retryAfterSeconds }
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
  /** Nothing was heard of it for a while, and another one needed its place. */
  gaveWay: 4408,
} as const
