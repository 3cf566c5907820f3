import { describe, expect, it } from 'vitest'
import type { UserEvent } from '../../../src/client/index.ts'
import { hearOfMembers, type MembersKnown } from '../../../src/web/chat/rooms/member-hints.ts'
import {
  countUnread,
  dropMissing,
  hear,
  hearMessage,
  type KnownRooms,
  markRead,
  mergePage,
} from '../../../src/web/chat/rooms/room-hints.ts'
import { member, message, room, wholeRoom } from './things.ts'

const ME = { userId: 'me', openRoomId: null }
const known = (...rooms: ReturnType<typeof room>[]): KnownRooms => ({ rooms, readSeqs: {} })
const logged = (event: Pick<Extract<UserEvent, { seq: number }>, 'event' | 'seq' | 'data'>) => {
  const { roomId } = event.data as { roomId: string }
  return { ...event, roomId } as UserEvent
}

describe('the list of rooms', () => {
  it('moves a room up with its newest message, and counts it once however often it is told', () => {
    const told = message('a', 6, { content: 'two\nlines', mentions: [{ id: 'me', username: 'me' }] })
    const once = hearMessage(known(room('b', 5), room('a', 1)), told, ME)
    const { list, isStale } = hearMessage(once.list, told, ME)
    expect(list.rooms.map(({ id }) => id)).toEqual(['a', 'b'])
    expect(list.rooms[0]).toMatchObject({ unreadCount: 1, mentionCount: 1, lastMessage: { content: 'two lines' } })
    expect([once.isStale, isStale]).toEqual([false, false])
    expect(hearMessage(list, message('unknown', 1), ME).isStale).toBe(true)
  })

  it('counts nothing of what oneself writes, or of what comes to the room on the screen', () => {
    const list = known(room('a', 3, { unreadCount: 2, mentionCount: 1 }))
    const mine = message('a', 4, { sender: { id: 'me', username: 'me', avatar: null } })
    for (const heard of [hearMessage(list, mine, ME), hearMessage(list, message('a', 4), { ...ME, openRoomId: 'a' })]) {
      expect(heard.list.rooms[0]).toMatchObject({ unreadCount: 0, mentionCount: 0, lastSeq: 4 })
    }
  })

  it('does not go back to an older projection, nor make unread again what was read here', () => {
    const heard = hearMessage(known(room('a', 1)), message('a', 4), ME).list
    expect(mergePage(heard, [room('a', 3, { name: 'late' })]).rooms[0]).toMatchObject({ name: 'a', unreadCount: 1 })
    const read = markRead(heard, 'a').list
    const late = mergePage(read, [room('a', 4, { unreadCount: 3, mentionCount: 1 })])
    expect(late.rooms[0]).toMatchObject({ unreadCount: 0, mentionCount: 0 })
    expect(mergePage(late, [room('a', 5, { unreadCount: 1 })]).rooms[0]).toMatchObject({ unreadCount: 1 })
  })

  it('asks the server what is left where only a part was read, or the last message was deleted', () => {
    const list = known(room('a', 5, { unreadCount: 3 }))
    const part = markRead(list, 'a', 3)
    expect([part.isStale, part.list.rooms[0]?.unreadCount]).toEqual([true, 3])
    const deleted = logged({ event: 'message:deleted', seq: 6, data: { roomId: 'a', messageId: 'm5' } })
    const heard = hear(known(room('a', 5)), deleted, ME)
    expect([heard.isStale, heard.list.rooms[0]?.lastMessage]).toEqual([true, null])
    const other = logged({ event: 'message:deleted', seq: 6, data: { roomId: 'a', messageId: 'm2' } })
    expect(hear(known(room('a', 5)), other, ME).isStale).toBe(false)
  })

  it('hears what oneself has read on another device, and not what others have', () => {
    const list = known(room('a', 5, { unreadCount: 3, mentionCount: 1 }))
    const read = (userId: string): UserEvent => ({
      event: 'room:read',
      roomId: 'a',
      data: { roomId: 'a', reads: [{ userId, seq: 5 }] },
    })
    expect(hear(list, read('bob'), ME).list.rooms[0]?.unreadCount).toBe(3)
    expect(hear(list, read('me'), ME).list.rooms[0]).toMatchObject({ unreadCount: 0, mentionCount: 0 })
  })

  it('follows names and numbers of members, once each, and lets go of a room that one is out of', () => {
    const update = { roomId: 'a', name: 'new', topic: 't', joinPolicy: 'open', whoInvites: 'members' } as const
    const updated = logged({
      event: 'room:updated',
      seq: 6,
      data: { ...update, whoPosts: 'members', slowModeSeconds: 0 },
    })
    const came = logged({ event: 'room:user-joined', seq: 7, data: { roomId: 'a', userId: 'eve', username: 'eve' } })
    let list = known(room('a', 5), room('b', 4))
    for (const event of [updated, came, came]) list = hear(list, event, ME).list
    expect(list.rooms[0]).toMatchObject({ name: 'new', topic: 't', joinPolicy: 'open', memberCount: 4 })
    expect(hear(list, { event: 'room:removed', data: { roomId: 'a', reason: 'banned' } }, ME).list.rooms).toHaveLength(
      1,
    )
    const mine = { roomId: 'a', userId: 'me', username: 'me', reason: 'removed' } as const
    expect(hear(list, logged({ event: 'room:user-left', seq: 8, data: mine }), ME).list.rooms).toHaveLength(1)
  })

  it('asks where it is told that there is more than it knows, and only then', () => {
    const activity = (seq: number): UserEvent => ({ event: 'room:activity', data: { roomId: 'a', seq } })
    expect([4, 5, 6].map((seq) => hear(known(room('a', 5)), activity(seq), ME).isStale)).toEqual([false, false, true])
    expect(hear(known(), { event: 'room:joined', data: { roomId: 'a' } }, ME).isStale).toBe(true)
  })

  it('forgets what is in no list any more, but for what came while it was asked for', () => {
    const list = known(room('a', 3), room('new', 2), room('gone', 1))
    const left = dropMissing(list, [room('a', 3)], new Set(['a', 'gone']))
    expect(left.rooms.map(({ id }) => id)).toEqual(['a', 'new'])
  })

  it('adds up what is unread, of muted rooms only what mentions one', () => {
    const rooms = [room('a', 1, { unreadCount: 5 }), room('b', 1, { unreadCount: 7, mentionCount: 2 })]
    expect([countUnread(rooms), countUnread(rooms, (id) => id === 'b')]).toEqual([12, 7])
  })
})

describe('the details of a room', () => {
  const place = { roomId: 'a', userId: 'me' }
  const details = (given: Partial<MembersKnown> = {}): MembersKnown => ({
    room: wholeRoom('a', 'member'),
    members: [member('owner', 'owner'), member('me')],
    membersCursor: null,
    online: new Set(['me']),
    onlineCount: 1,
    ...given,
  })
  const roleOf = (id: string, role: 'moderator' | 'member') =>
    logged({ event: 'room:member-updated', seq: 9, data: { roomId: 'a', member: member(id, role) } })

  it('change with a role, one’s own too', () => {
    const { known } = hearOfMembers(details(), roleOf('me', 'moderator'), place)
    expect(known.room?.own.role).toBe('moderator')
    expect(known.members.map(({ role }) => role)).toEqual(['owner', 'moderator'])
    expect(hearOfMembers(details(), roleOf('owner', 'member'), place).known.room?.own.role).toBe('member')
  })

  it('lose who goes, are over for whom it was, and ask who came', () => {
    const gone = (userId: string) =>
      logged({ event: 'room:user-left', seq: 9, data: { roomId: 'a', userId, username: userId, reason: 'removed' } })
    const { known, isOver } = hearOfMembers(details(), gone('owner'), place)
    expect([known.members.length, known.room?.memberCount, isOver]).toEqual([1, 2, false])
    expect(hearOfMembers(details(), gone('me'), place).isOver).toBe(true)
    const came = logged({ event: 'room:user-joined', seq: 9, data: { roomId: 'a', userId: 'eve', username: 'eve' } })
    expect(hearOfMembers(details(), came, place).isStale).toBe(true)
  })

  it('know who is here, and nothing of another room', () => {
    const online: UserEvent = {
      event: 'user:online',
      roomId: 'a',
      data: { roomId: 'a', userId: 'owner', username: 'owner' },
    }
    const { known } = hearOfMembers(details(), online, place)
    expect([[...(known.online ?? [])].sort(), known.onlineCount]).toEqual([['me', 'owner'], 2])
    expect(hearOfMembers(details(), online, { ...place, roomId: 'b' }).known.onlineCount).toBe(1)
  })
})
