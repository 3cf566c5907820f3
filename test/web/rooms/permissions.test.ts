import { describe, expect, it } from 'vitest'
import { ApiError } from '../../../src/client/index.ts'
import { fieldProblemsOf } from '../../../src/web/chat/rooms/field-problems.ts'
import { doorOf } from '../../../src/web/chat/rooms/join-words.ts'
import { slowModes } from '../../../src/web/chat/rooms/room-choices.ts'
import {
  actsOn,
  filterRooms,
  groupMembers,
  leavingOf,
  permissionsIn,
} from '../../../src/web/chat/rooms/room-permissions.ts'
import { timeLeft } from '../../../src/web/chat/rooms/time-left.ts'
import { member, room, wholeRoom } from './things.ts'

const NOW = Date.UTC(2026, 0, 1)
const soon = new Date(NOW + 60_000).toISOString()
const by = (role: 'owner' | 'moderator' | 'member', hasOtherOwner = false) => ({ userId: 'me', role, hasOtherOwner })

describe('what a viewer is offered', () => {
  it('follows rank: moderators act on members, owners on all but owners, and only owners give roles', () => {
    expect(actsOn(member('bob'), by('member'), NOW)).toEqual(['message', 'block'])
    expect(actsOn(member('bob'), by('moderator'), NOW)).toEqual(['message', 'mute', 'remove', 'ban', 'block'])
    expect(actsOn(member('bob', 'moderator'), by('moderator'), NOW)).toEqual(['message', 'block'])
    expect(actsOn(member('bob', 'moderator'), by('owner'), NOW)).toEqual([
      'message',
      'make-owner',
      'make-member',
      'mute',
      'remove',
      'ban',
      'block',
    ])
    expect(actsOn(member('bob', 'owner'), by('owner', true), NOW)).toEqual(['message', 'block'])
    expect(actsOn(member('bob', 'member', { mutedUntil: soon }), by('moderator'), NOW)).toContain('unmute')
  })

  it('lets an owner step down only while another one is left', () => {
    expect(actsOn(member('me', 'owner'), by('owner'), NOW)).toEqual([])
    expect(actsOn(member('me', 'owner'), by('owner', true), NOW)).toEqual(['make-moderator', 'make-member'])
    const owned = wholeRoom('a', 'owner')
    const alone = [member('me', 'owner'), member('bob'), member('eve')]
    expect(leavingOf(owned, alone, 'me')).toBe('last-owner')
    expect(leavingOf(owned, [...alone.slice(0, 2), member('eve', 'owner')], 'me')).toBe('may')
    expect(leavingOf({ ...owned, memberCount: 1 }, [], 'me')).toBe('last-member')
    expect(leavingOf({ ...owned, memberCount: 500 }, alone, 'me')).toBe('may')
  })

  it('follows the settings of the room, and a mute', () => {
    const { settings } = wholeRoom('a', 'member')
    const strict = { ...settings, whoInvites: 'moderators', whoPosts: 'moderators' } as const
    const place = (role: 'owner' | 'moderator' | 'member') =>
      permissionsIn(wholeRoom('a', role, { settings: strict }), NOW)
    expect(place('member')).toMatchObject({ mayEdit: false, mayInvite: false, mayPost: false, mayModerate: false })
    expect(place('moderator')).toMatchObject({ mayEdit: true, mayGovern: false, mayInvite: true, mayPost: true })
    expect(place('owner')).toMatchObject({ mayGovern: true, mayLeave: true })
    const muted = { ...wholeRoom('a', 'owner').own, mutedUntil: soon }
    expect(permissionsIn(wholeRoom('a', 'owner', { own: muted }), NOW).mayPost).toBe(false)
    expect(permissionsIn(wholeRoom('a', 'owner', { own: muted }), NOW + 60_001).mayPost).toBe(true)
    expect(permissionsIn(wholeRoom('a', 'member', { type: 'private' }), NOW)).toMatchObject({
      mayInvite: false,
      mayLeave: false,
      mayPost: true,
    })
  })
})

describe('what is listed', () => {
  it('has members by role, those who are here first, and finds them by a part of their name', () => {
    const members = [member('zoe'), member('ann'), member('max', 'owner')]
    const names = (filter = '') =>
      groupMembers(members, { online: new Set(['zoe']), filter }).map((group) => [
        group.title,
        ...group.members.map(({ username }) => username),
      ])
    expect(names()).toEqual([
      ['Owners', 'max'],
      ['Members', 'zoe', 'ann'],
    ])
    expect(names('AN')).toEqual([['Members', 'ann']])
  })

  it('finds rooms by the beginning of a word, whatever its accents, and people by both names', () => {
    const tomas = { id: 't', username: 'weaver', firstName: 'Tomás', lastName: 'Herrera', avatar: null }
    const rooms = [room('Launch week', 1), room('pair', 2, { type: 'private', name: '', peer: tomas })]
    const found = (text: string) => filterRooms(rooms, text).map(({ id }) => id)
    expect([found('wee'), found('unch'), found('tomas h'), found('wea')]).toEqual([
      ['Launch week'],
      [],
      ['pair'],
      ['pair'],
    ])
  })

  it('says how long an invitation is good, in whole units', () => {
    const left = (minutes: number) => timeLeft(new Date(NOW + minutes * 60_000).toISOString(), NOW)
    expect([-1, 1, 59, 90, 60 * 24, 60 * 24 * 7].map(left)).toEqual([
      'expired',
      '1 minute left',
      '59 minutes left',
      '2 hours left',
      '24 hours left',
      '7 days left',
    ])
  })

  it('offers a slow mode that a program has set between the usual ones', () => {
    expect(slowModes(0).map(({ value }) => value)).not.toContain('45')
    expect(
      slowModes(45)
        .map(({ value }) => value)
        .slice(2, 6),
    ).toEqual(['15', '30', '45', '60'])
  })
})

describe('what was refused', () => {
  it('stands beside its field, one of a list beside the list, and the rest above the form', () => {
    const fields = [
      { field: 'memberIds.3', message: 'There is no user' },
      { field: 'colour', message: 'Unknown' },
    ]
    const error = new ApiError({ status: 422, code: 'UNPROCESSABLE', message: 'No', fields })
    expect(fieldProblemsOf(error, ['name', 'memberIds'])).toEqual({
      form: 'colour: Unknown',
      fields: { memberIds: 'There is no user' },
    })
    const plain = new ApiError({ status: 409, code: 'CONFLICT', message: 'This room is full' })
    expect(fieldProblemsOf(plain, ['name'])).toEqual({ form: 'This room is full.', fields: {} })
  })

  it('tells each closed door by its own words, and leaves a lost connection to those who try again', () => {
    const door = (status: number, message: string, hasCode = true) =>
      doorOf(new ApiError({ status, code: 'FORBIDDEN', message }), hasCode)?.kind
    expect(door(403, 'You are banned from this room')).toBe('banned')
    expect(door(403, 'This invitation is not valid any more')).toBe('expired')
    expect(door(400, 'Not an invite code')).toBe('expired')
    expect(door(409, 'This room is full')).toBe('full')
    expect(door(404, 'Room not found', false)).toBe('missing')
    expect(door(0, 'No answer')).toBeUndefined()
  })
})
