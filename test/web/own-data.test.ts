import { expect, it } from 'vitest'
import type { AccountExport } from '../../src/client/index.ts'
import { factsOf } from '../../src/web/account/own-data-facts.ts'

const NOW = '2026-03-04T10:00:00.000Z'

/** Lists of different lengths, so that each is told from the others by its number. */
function dataOf(cut: AccountExport['cut']): AccountExport {
  let length = 10
  const list = () => {
    length += 1
    return Array.from({ length }, () => ({ email: 'ann@people.test' }))
  }
  const security = { hasPassword: true, passkeys: list(), apiKeys: list(), linkedAccounts: list() }
  const lists = {
    ...{ sessions: list(), endedSessions: list(), acts: list(), actsBy: list(), actsOnAddress: list() },
    ...{ rooms: list(), blocked: list(), reports: list(), productReviews: list(), notifications: list(), mailedTo: [] },
  }
  const account = { firstName: 'Ann', lastName: 'Moss', username: 'ann', email: 'ann@people.test', tier: 'basic' }
  return {
    account: { ...account, createdAt: NOW, lastLoginAt: NOW, isDiscoverable: true },
    security: { ...security, grants: list(), grantsOnThings: list() },
    ...lists,
    cut,
    exportedAt: NOW,
    // All that the summary reads.
  } as unknown as AccountExport
}

it('the summary of one’s data counts every list of it, and says where there is more', () => {
  const told = (cut: AccountExport['cut']) =>
    factsOf(dataOf(cut))
      .map(([term, value]) => `${term}: ${value}`)
      .join('\n')
  const counts = [...told([]).matchAll(/\b(1\d|2\d) [a-zA-Z]/g)].map(([, number]) => Number(number))
  expect(counts.toSorted()).toEqual(Array.from({ length: 15 }, (_, i) => 11 + i))
  expect(told(['rooms'])).toContain('more than')
  expect(told([])).not.toContain('more than')
})
