import { describe, expect, it } from 'vitest'
import { mayGive, mayTake, whyOutOfReach } from '../../src/web/admin/users/reach.ts'

const admin = { id: 'a', role: 'admin' } as const
const manager = { id: 'm', role: 'moderator' } as const

describe('the pages of people offer what the API would do', () => {
  it('to others, of one’s own level or below it', () => {
    expect(whyOutOfReach(admin, { id: 'b', role: 'admin' })).toBe(null)
    expect(whyOutOfReach(manager, { id: 'u', role: 'user' })).toBe(null)
    expect(whyOutOfReach(manager, { id: 'n', role: 'moderator' })).toBe(null)
    expect(whyOutOfReach(manager, admin)).toBe('Only admins can.')
    expect(whyOutOfReach(admin, admin)).toBe('Nobody changes what they may themselves.')
  })

  it('permissions that one has to give, and a role that is not the only one', () => {
    expect([mayGive({ permissions: ['view:logs'] }, 'view:logs'), mayGive({ permissions: [] }, 'view:logs')]).toEqual([
      ...[true, false],
    ])
    expect([mayTake({ roles: ['user'] }), mayTake({ roles: ['user', 'moderator'] })]).toEqual([false, true])
  })
})
