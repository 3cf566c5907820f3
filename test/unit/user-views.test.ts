import { expect, it } from 'vitest'
import { toUserV1 } from '../../src/features/identity/users/v1-views.ts'
import { toUserV2 } from '../../src/features/identity/users/v2-views.ts'
import type { StoredUser } from '../../src/features/identity/users/views.ts'

const user: StoredUser = {
  ...{ id: '01930000-0000-7000-8000-000000000001', email: 'ann@people.test', username: 'ann' },
  ...{ firstName: 'Ann', lastName: 'Arbor', phoneNumber: '+1 555 0100', avatar: null, bio: 'x', address: 'y' },
  ...{ isActive: true, version: 3, createdAt: 0, updatedAt: 86_400_000, roles: ['user', 'moderator', 'of-old'] },
}

it('a name is its parts, without a space beside an empty one (R3.9, R3.10)', () => {
  const nameOf = (firstName: string, lastName: string) =>
    toUserV1({ ...user, firstName, lastName }, { seesReach: true }).name
  expect([nameOf('Ann', 'Arbor'), nameOf('Ann', ''), nameOf('', 'Arbor'), nameOf('', '')]).toEqual([
    ...['Ann Arbor', 'Ann', 'Arbor', ''],
  ])
})

it('version 1 tells four fields, version 2 what it adds, and neither how to reach somebody to whom that is not told (R3.9, R3.10)', () => {
  const created = '1970-01-01T00:00:00.000Z'
  expect(toUserV1(user, { seesReach: false })).toEqual({
    id: user.id,
    email: null,
    name: 'Ann Arbor',
    createdAt: created,
  })
  expect(toUserV2(user, { seesReach: false })).toEqual({
    ...{ id: user.id, email: null, firstName: 'Ann', lastName: 'Arbor', phoneNumber: null, avatar: null },
    ...{ role: 'moderator', roles: ['user', 'moderator'], isActive: true },
    ...{ createdAt: created, updatedAt: '1970-01-02T00:00:00.000Z' },
  })
  expect(toUserV2(user, { seesReach: true })).toMatchObject({ email: user.email, phoneNumber: user.phoneNumber })
})
