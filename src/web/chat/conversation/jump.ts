import type { Route } from '../../route.ts'

export type Query = Route['query']

/**
 * The message that a move within the page asks for: another one than before, or the same by the very same link again.
 * A panel that opens or closes beside it asks for none.
 *
 * @param before the query moved away from; null where the conversation has just come
 */
export function seqToJumpTo(before: Query | null, now: Query): number | null {
  const seq = Number(now.message)
  if (!Number.isInteger(seq) || seq <= 0) return null
  if (before === null || before.room !== now.room || before.message !== now.message) return seq
  return isSame(before, now) ? seq : null
}

function isSame(before: Query, now: Query): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...names].every((name) => before[name] === now[name])
}
