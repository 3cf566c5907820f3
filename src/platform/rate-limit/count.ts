import { type Ask, quotaOf, type Rule, type Standing } from './limiter.ts'

/**
 * What a bucket holds. Sliding window: `at` is when this window began, `current` and `previous` are the counts of
 * it and of the one before. Token bucket: `at` is when it was last filled, `current` the tokens taken out of it.
 */
export interface Count {
  at: number
  current: number
  previous: number
}

/** A count as an ask meets it, and whether there is room in it. */
export interface Look {
  moved: Count
  fits: boolean
}

/** Shares of a window and of a token are fractions: what lacks no more than this lacks nothing. */
export const ROUNDING = 1e-9

/** Pure: what an ask at `now` (milliseconds) makes of a count. A refused ask leaves it as it is. */
export function takeFrom(count: Count | undefined, ask: Ask, now: number): { count: Count; standing: Standing } {
  const look = lookAt(count, ask, now)
  return {
    count: look.fits ? addTo(look.moved, ask) : look.moved,
    standing: standingOf(ask, look, look.fits, now),
  }
}

/** `upstash-scripts.ts` says the same in Lua. */
export function lookAt(count: Count | undefined, { rule, amount = 1 }: Ask, now: number): Look {
  const moved = advance(count, rule, now)
  return { moved, fits: usedOf(moved, rule, now) + amount <= quotaOf(rule) + ROUNDING }
}

export function addTo(count: Count, { amount = 1 }: Ask): Count {
  return { ...count, current: count.current + amount }
}

/** `isCounted` is false also where the ask fits and another of its call does not. */
export function standingOf(ask: Ask, { moved, fits }: Look, isCounted: boolean, now: number): Standing {
  const { rule, amount = 1 } = ask
  const next = isCounted ? addTo(moved, ask) : moved
  return {
    allowed: fits,
    remaining: Math.max(0, Math.floor(quotaOf(rule) - usedOf(next, rule, now) + ROUNDING)),
    resetMs: resetMs(next, rule, now),
    retryAfterMs: fits ? 0 : waitMs(moved, rule, amount, now),
  }
}

export function giveBackTo(count: Count | undefined, rule: Rule, amount: number | 'all', now: number): Count {
  const moved = advance(count, rule, now)
  if (amount === 'all') return { ...moved, current: 0, previous: 0 }
  return { ...moved, current: Math.max(0, moved.current - amount) }
}

/** The count as it is at `now`: windows begin at multiples of their length, a bucket has been refilled. */
function advance(count: Count | undefined, rule: Rule, now: number): Count {
  if (rule.algorithm === 'token-bucket') {
    if (!count) return { at: now, current: 0, previous: 0 }
    const refilled = ((now - count.at) / 1_000) * rule.refillPerSecond
    return { at: Math.max(now, count.at), current: Math.max(0, count.current - Math.max(0, refilled)), previous: 0 }
  }
  const at = Math.floor(now / rule.windowMs) * rule.windowMs
  if (!count || count.at < at - rule.windowMs) return { at, current: 0, previous: 0 }
  // A clock that went back a little, in another isolate, begins no older window.
  if (count.at >= at) return count
  return { at, current: 0, previous: count.current }
}

function usedOf(count: Count, rule: Rule, now: number): number {
  if (rule.algorithm === 'token-bucket') return count.current
  const passed = Math.min(1, Math.max(0, now - count.at) / rule.windowMs)
  return count.previous * (1 - passed) + count.current
}

function resetMs(count: Count, rule: Rule, now: number): number {
  if (rule.algorithm === 'token-bucket') return Math.ceil((count.current / rule.refillPerSecond) * 1_000)
  return Math.max(1, count.at + rule.windowMs - now)
}

/** Until `amount` fits: within this window as the last one fades, else in the next as this one does. */
function waitMs(count: Count, rule: Rule, amount: number, now: number): number {
  if (rule.algorithm === 'token-bucket') {
    return Math.ceil(((count.current + amount - rule.capacity) / rule.refillPerSecond) * 1_000)
  }
  const room = rule.limit - amount
  const endsIn = Math.max(0, count.at + rule.windowMs - now)
  if (count.current <= room && count.previous > 0) {
    const fadedAt = count.at + rule.windowMs * (1 - (room - count.current) / count.previous)
    return Math.max(1, Math.ceil(fadedAt - now))
  }
  const intoNext = count.current > 0 ? Math.max(0, rule.windowMs * (1 - room / count.current)) : 0
  return Math.max(1, Math.ceil(endsIn + intoNext))
}
