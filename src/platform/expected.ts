import { Refusal } from './errors.ts'

/** What a client wants to change, as it knows it: any that is there, or one of these versions. */
export type Expected = 'any' | readonly number[]

/**
 * Of what has been read: that it is still what the client knows. The commit must hold it there, by the version in its
 * guard. Where `isSo` says that what is asked for stands there already, the client may have done it itself and lost the
 * answer (RFC 9110, 13.1.1).
 * @throws Refusal 412
 */
export function demandExpected(expected: Expected | undefined, version: number, isSo = () => false): void {
  if (expected === undefined || expected === 'any' || expected.includes(version) || holds(isSo)) return
  throw changedSince()
}

/** What cannot be done to it as it is now is not so. */
function holds(isSo: () => boolean): boolean {
  try {
    return isSo()
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

const ATTEMPTS = 3

/**
 * Reads, decides and commits anew where somebody else was quicker and the client has named no version: to it nothing
 * has changed meanwhile.
 * @throws Refusal 412 where it has named one, 409 where others are quicker each time
 */
export async function decideAnew<T>(expected: Expected | undefined, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'PRECONDITION_FAILED') || expected !== undefined) throw error
      if (tries === ATTEMPTS) throw new Refusal('CONFLICT', 'Others are changing it just now. Try again.')
    }
  }
}

/** Somebody has changed it since the client read it. */
export function changedSince(): Refusal {
  return new Refusal('PRECONDITION_FAILED', 'It was changed meanwhile. Read it again, and then decide.')
}
