import { Refusal } from '../../../platform/errors.ts'

/** The same for both people, whoever asks: so two who ask at once meet in one object. */
export function pairObjectName(a: string, b: string): string {
  return a < b ? `pair:${a}:${b}` : `pair:${b}:${a}`
}

/**
 * Why one of two people may not write to the other. Whoever has blocked is told that first: it says nothing of what the
 * other one has done.
 */
export function refusalBetween({ isBlocking, isBlocked }: { isBlocking: boolean; isBlocked: boolean }) {
  if (isBlocking) return new Refusal('FORBIDDEN', 'Unblock this person first', { isRoutine: true })
  return isBlocked ? new Refusal('FORBIDDEN', 'You cannot write to this person', { isRoutine: true }) : undefined
}
