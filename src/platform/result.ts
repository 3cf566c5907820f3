import { type ErrorCode, Refusal } from './errors.ts'

/** What an object spent on one call, so that the caller's meter can count it as its own. */
export interface Spent {
  rowsRead: number
  rowsWritten: number
}

/** A failure crosses RPC as a value: a thrown error would lose its class on the way. */
export type Outcome<T> =
  | { ok: true; value: T; spent: Spent }
  | { ok: false; code: ErrorCode; message: string; retryAfterSeconds?: number | undefined; spent: Spent }

/** What a service answers another one. */
export type ServiceAnswer<T> = { ok: true; value: T } | { ok: false; code: ErrorCode; message: string }

/** @throws Refusal as the object has decided it, by its own rules */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  const { code, message, retryAfterSeconds } = outcome
  throw new Refusal(code, message, {
    isRoutine: true,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}
