import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/client/index.ts'
import { casesOf, problemOfReason } from '../../src/web/moderation/report-texts.ts'

const report = (id: string, messageId: string, status: Report['status'] = 'open'): Report => ({
  id,
  status,
  category: 'spam',
  note: null,
  reporterId: 'r',
  roomId: 'room',
  message: { id: messageId, content: '', author: { id: 'a', username: 'a' }, createdAt: '' },
  createdAt: '',
  decidedAt: null,
  decidedBy: null,
  reason: null,
})

describe('the queue of reports', () => {
  it('shows open reports of one message as one case, and what is decided by itself', () => {
    const cases = casesOf([report('1', 'm'), report('2', 'n'), report('3', 'm'), report('4', 'm', 'dismissed')])
    expect(cases.map((one) => [one.report.id, ...one.others.map(({ id }) => id)])).toEqual([['1', '3'], ['2'], ['4']])
  })

  it('takes a reason that the server takes', () => {
    expect(['ok', ' no ', 'yes', 'x'.repeat(501)].map((reason) => problemOfReason(reason) === undefined)).toEqual([
      false,
      false,
      true,
      false,
    ])
  })
})
