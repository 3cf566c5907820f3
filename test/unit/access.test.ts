import { describe, expect, it } from 'vitest'
import {
  effectivePermissions,
  highestRole,
  knownRoles,
  ROLE_DEFINITIONS,
  ROLES,
  type Role,
  reachesRole,
} from '../../src/features/identity/domain/access.ts'

describe('roles', () => {
  it('are four, each on a level of its own: guest, user, moderator, admin (R11.1, R11.7)', () => {
    expect(ROLES.map((role) => [role, ROLE_DEFINITIONS[role].level])).toEqual([
      ['guest', 0],
      ['user', 1],
      ['moderator', 2],
      ['admin', 3],
    ])
    expect(highestRole(['user', 'admin', 'moderator'])).toBe('admin')
    expect(knownRoles(['superuser', 'user'])).toEqual(['user'])
  })

  it('reach the lowest of those that are wanted, with the highest that is held (R11.7, R11.10)', () => {
    expect(reachesRole(['user', 'moderator'], ['admin', 'moderator'])).toBe(true)
    expect(reachesRole(['user'], ['admin', 'moderator'])).toBe(false)
    expect(reachesRole(['admin'], ['guest'])).toBe(true)
    expect(reachesRole(['guest'], ['guest'])).toBe(true)
  })

  it.each([
    ['nobody knows', ['superuser'], ['guest']],
    ['there are none of', [], ['guest']],
    ['are wanted by an unknown name', ['admin'], ['superuser']],
    ['are wanted by an unknown name among known ones', ['admin'], ['user', 'superuser']],
    ['are inherited from the language', ['admin'], ['constructor']],
    ['are not wanted at all', ['admin'], []],
  ])('that %s reach nothing (R11.8)', (_what, held, wanted) => {
    expect(reachesRole(held, wanted as Role[])).toBe(false)
  })
})

describe('what somebody may', () => {
  it('is what roles give and what was granted, each once, less what was denied (R12.13)', () => {
    const direct = [
      { name: 'view:logs', effect: 'allow' },
      { name: 'read:user', effect: 'allow' },
      { name: 'read:order', effect: 'deny' },
    ] as const
    expect(effectivePermissions(['read:user', 'read:order'], direct)).toEqual(['read:user', 'view:logs'])
    expect(effectivePermissions([], [])).toEqual([])
  })
})
