import { describe, expect, it } from 'vitest'
import {
  decideRefresh,
  KEEP_RENEWALS_MS,
  notedExpiry,
  type StoredRefresh,
  sessionExpiry,
} from '../../src/features/identity/domain/session-policy.ts'

const DAY = 86_400_000
const NOW = 1_800_000_000_000

/** A session whose fifth token is the newest, made a second ago. */
const stored: StoredRefresh = {
  generation: 5,
  refreshHash: 'hash-5',
  createdAt: NOW - 20 * DAY,
  rotatedAt: NOW - 1_000,
}
const newest = { generation: 5, hash: 'hash-5' }
const replaced = { generation: 4, hash: 'hash-4' }
const older = { generation: 3, hash: 'hash-3' }
const ahead = { generation: 6, hash: 'hash-6' }

describe('what a refresh token is worth', () => {
  it.each([
    ['the newest', 'rotate', newest, {}],
    ['the newest, long after it was made', 'rotate', newest, { rotatedAt: NOW - 6 * DAY }],
    ['the newest, in its last millisecond', 'rotate', newest, { rotatedAt: NOW - 7 * DAY + 1 }],
    ['the newest, in the last millisecond that any has', 'rotate', newest, { createdAt: NOW - 90 * DAY + 1 }],
    ['the newest of a key that is not ours any more', 'refuse', { ...newest, hash: 'other' }, {}],
    ['one that was never made', 'refuse', ahead, {}],
    ['the one that was just replaced', 'repeat', replaced, {}],
    ['the one that was replaced in this millisecond', 'repeat', replaced, { rotatedAt: NOW }],
    ['the one that was replaced by a clock that is ahead', 'repeat', replaced, { rotatedAt: NOW + 500 }],
    ['the one that was replaced ten seconds ago', 'repeat', replaced, { rotatedAt: NOW - 10_000 }],
    ['the one that was replaced longer ago', 'reuse', replaced, { rotatedAt: NOW - 10_001 }],
    ['one before that, however soon', 'reuse', older, { rotatedAt: NOW }],
    ['one before that, long ago', 'reuse', older, { rotatedAt: NOW - DAY }],
    ['the newest of an expired session', 'refuse', newest, { rotatedAt: NOW - 7 * DAY }],
    ['the newest of a session that is too old', 'refuse', newest, { createdAt: NOW - 90 * DAY }],
    ['an old one of an expired session', 'refuse', older, { rotatedAt: NOW - 7 * DAY }],
  ] as const)('%s is to %s', (_name, decision, presented, change) => {
    expect(decideRefresh(presented, { ...stored, ...change }, NOW)).toBe(decision)
  })
})

describe('the end of a session', () => {
  it('is seven days after its newest token was made (R7.14)', () => {
    expect(sessionExpiry(NOW, NOW)).toBe(NOW + 7 * DAY)
    expect(sessionExpiry(NOW + 30 * DAY, NOW)).toBe(NOW + 37 * DAY)
  })

  it('is ninety days after the sign-in, however often it is refreshed', () => {
    expect(sessionExpiry(NOW + 83 * DAY, NOW)).toBe(NOW + 90 * DAY)
    expect(sessionExpiry(NOW + 83 * DAY + 1, NOW)).toBe(NOW + 90 * DAY)
    expect(sessionExpiry(NOW + 89 * DAY, NOW)).toBe(NOW + 90 * DAY)
  })

  it.each([0, 1, 50, 82, 83, 84, 90])('is noted a day late on day %i, so that renewals of a day are within', (day) => {
    const now = NOW + day * DAY
    const noted = notedExpiry(now, NOW)
    expect(noted).toBeGreaterThanOrEqual(sessionExpiry(now + DAY, NOW))
    expect(noted).toBeLessThanOrEqual(Math.min(now + 8 * DAY, NOW + 90 * DAY))
  })

  it('is forgotten by a person’s object only when the database takes it for over as well', () => {
    expect(NOW + KEEP_RENEWALS_MS).toBeGreaterThan(notedExpiry(NOW, NOW))
  })
})
