import { ApiError, CLIENT_CODES, type ErrorCode } from '../api-error.ts'
import type { Message, ReadPosition, RoomCommands } from '../api-types.ts'

export type RoomCommandName = keyof RoomCommands

interface Acks {
  'message:send': { message: Message }
  'message:edit': { message: Message }
  'message:pin': { message: Message }
  'message:unpin': { message: Message }
  'reaction:add': { message: Message }
  'reaction:remove': { message: Message }
  'message:read': { position: ReadPosition }
}

/** What a command is acknowledged with: for most, that it is done. */
export type AckOf<N extends RoomCommandName> = N extends keyof Acks ? Acks[N] : object

/** Done twice they would be refused the second time, as if they had not been done. */
const ONCE_ONLY: ReadonlySet<string> = new Set<RoomCommandName>(['room:leave', 'member:remove', 'member:unban'])

export function mayRepeat(event: RoomCommandName): boolean {
  return !ONCE_ONLY.has(event)
}

export interface AckError {
  code?: ErrorCode
  message?: string
  retryAfterSeconds?: number
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  MALFORMED_REQUEST: 400,
  VALIDATION_FAILED: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
}

/** A refusal on a socket, as the route of the same meaning gives it. */
export function refusal({ code = CLIENT_CODES.badAnswer, message, retryAfterSeconds }: AckError): ApiError {
  return new ApiError({
    status: STATUS[code] ?? 422,
    code,
    message: message ?? 'The server refused it',
    retryAfterSeconds: retryAfterSeconds ?? null,
  })
}
