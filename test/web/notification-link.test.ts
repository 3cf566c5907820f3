import { describe, expect, it } from 'vitest'
import type { Notification } from '../../src/client/index.ts'
import { deservesToast, iconOf, lineOfNews, linkOf } from '../../src/web/notifications/notification-link.ts'

const ROOM = '0198c2a2-0000-7000-8000-000000000001'
const news = (given: Partial<Notification>): Notification => ({
  id: 'n',
  title: 'New message from ann',
  message: 'Hello',
  type: 'info',
  category: 'new_message',
  data: { roomId: ROOM, messageId: 'm', seq: '7' },
  count: 1,
  read: false,
  readAt: null,
  channels: ['in-app'],
  sent: false,
  actionUrl: `/?room=${ROOM}`,
  version: 7,
  createdAt: '2026-11-23T00:00:00.000Z',
  updatedAt: '2026-11-23T00:00:00.000Z',
  ...given,
})
const system = { category: 'system', data: null } as const

describe('where a notification leads', () => {
  it('is the message of one, and the room of several, which knows what of it is unread', () => {
    expect(linkOf(news({})).href).toBe(`/?room=${ROOM}&message=7`)
    expect(linkOf(news({ count: 3 })).href).toBe(`/?room=${ROOM}`)
    expect(linkOf(news({ data: { roomId: ROOM } })).href).toBe(`/?room=${ROOM}`)
  })

  it.each([
    ['an invitation', `/app/join?room=${ROOM}`, `/app/join?room=${ROOM}`, false],
    ['an address elsewhere', 'https://status.example/', 'https://status.example/', true],
    ['none', null, '/app/notifications', false],
    ['a script', 'javascript:alert(1)', '/app/notifications', false],
    ['a host in disguise', '//evil.example/', '/app/notifications', false],
    ['another host in disguise', '/\\evil.example/', '/app/notifications', false],
    ['an address without protection', 'http://status.example/', '/app/notifications', false],
  ])('is safe for %s', (_, actionUrl, href, isOutside) => {
    expect(linkOf(news({ ...system, actionUrl }))).toEqual({ href, isOutside })
  })
})

describe('what a notification looks like', () => {
  it('has a drawing by what it is about, and by how bad it is', () => {
    expect(iconOf(news({}))).toBe('thread')
    expect(iconOf(news({ type: 'error' }))).toBe('alert')
    expect(iconOf(news({ ...system, data: { roomId: ROOM } }))).toBe('people')
    expect(iconOf(news({ ...system, actionUrl: null, type: 'success' }))).toBe('check')
  })

  it('fits one line of a toast, in whole characters', () => {
    expect(lineOfNews(news({ message: 'two\nlines' }))).toBe('New message from ann: two lines')
    expect([...lineOfNews(news({ message: '🧵'.repeat(300) }))]).toHaveLength(120)
  })

  it('is shown in a toast only to whoever does not see it already', () => {
    const seen = { openRoomId: null, path: '/app/account', isVisible: true }
    expect(deservesToast(news({}), seen)).toBe(true)
    expect(deservesToast(news({}), { ...seen, path: '/', openRoomId: ROOM })).toBe(false)
    expect(deservesToast(news({ data: { roomId: 'other' } }), { ...seen, path: '/', openRoomId: ROOM })).toBe(true)
    expect(deservesToast(news({}), { ...seen, path: '/app/notifications' })).toBe(false)
    expect(deservesToast(news({}), { ...seen, isVisible: false })).toBe(false)
  })
})
