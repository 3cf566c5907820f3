import { Refusal } from './errors.ts'

/** What a client wants to change, as it knows it: any that is there, or one of these versions. */
export type Expected = 'any' | readonly number[]

/**
 * Of what has been read: that it is still what the client knows. The commit must hold it there, by the version in its
 * guard.
 * @throws Refusal 412
 */
export function demandExpected(expected: Expected | undefined, version: number): void {
  if (expected === undefined || expected === 'any' || expected.includes(version)) return
  throw changedSince()
}

/** Somebody has changed it since the client read it. */
export function changedSince(): Refusal {
  return new Refusal('PRECONDITION_FAILED', 'It was changed meanwhile. Read it again, and then decide.')
}
