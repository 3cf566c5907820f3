import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notification, UserEvent } from '../../src/client/index.ts'
import type { LiveListener } from '../../src/web/live.ts'
import { EMPTY_LIST, withFirstPage, withFresh } from '../../src/web/notifications/inbox-lists.ts'
import { createInbox, type InboxNote } from '../../src/web/notifications/inbox-store.ts'
import { UNDO_MS } from '../../src/web/notifications/removals.ts'

const ME = 'me'

/** Number `n` is the newer the higher it is. */
const item = (n: number, given: Partial<Notification> = {}): Notification => ({
  id: `n${n}`,
  title: `Number ${n}`,
  message: '',
  type: 'info',
  category: 'new_message',
  data: { roomId: `room${n}` },
  count: 1,
  read: false,
  readAt: null,
  channels: ['in-app'],
  sent: false,
  actionUrl: null,
  version: 1,
  createdAt: new Date(n * 1_000).toISOString(),
  updatedAt: new Date(n * 1_000).toISOString(),
  ...given,
})
const ids = (items: readonly Notification[]) => items.map(({ id }) => id)

describe('pages of the inbox', () => {
  it('hold one entry an id, the newest version of it, and what was read here stays read', () => {
    const merged = withFresh([item(1, { read: true }), item(2, { version: 3 })], [item(1), item(2), item(3)])
    expect(merged.map(({ id, version, read }) => [id, version, read])).toEqual([
      ['n3', 1, false],
      ['n2', 3, false],
      ['n1', 1, true],
    ])
  })

  it('lose what the server has no longer, and keep older pages and what has just come', () => {
    const list = { ...EMPTY_LIST, items: [item(9), item(5), item(4), item(2), item(1)], nextCursor: 'after 1' }
    const page = { items: [item(5), item(3)], nextCursor: 'after 3' }
    const loaded = withFirstPage(list, page, new Set(['n9']))
    expect(ids(loaded.items)).toEqual(['n9', 'n5', 'n3', 'n2', 'n1'])
    expect(loaded.nextCursor).toBe('after 1')
    expect(withFirstPage(list, { items: [item(5)], nextCursor: null }, new Set()).items).toEqual([item(5)])
  })
})

describe('the inbox', () => {
  let stored: Notification[]
  let listener: LiveListener
  let heard: (note: InboxNote) => void
  let told: InboxNote[]
  const notifications = {
    list: vi.fn(async ({ unreadOnly }: { unreadOnly?: boolean }) => ({
      items: stored.filter(({ read }) => !unreadOnly || !read),
      nextCursor: null,
    })),
    unreadCount: vi.fn(async () => stored.filter(({ read }) => !read).length),
    markRead: vi.fn(async () => {}),
    markAllRead: vi.fn(async () => {}),
    remove: vi.fn(async () => {}),
  }

  const open = async () => {
    const inbox = createInbox({
      // Its other calls are not made here.
      client: { notifications } as unknown as Parameters<typeof createInbox>[0]['client'],
      live: {
        listen: (given) => {
          listener = given
          return () => {}
        },
      },
      userId: ME,
      notes: {
        tell: (note) => told.push(note),
        listen: (onNote) => {
          heard = onNote
          return () => {}
        },
      },
    })
    await vi.advanceTimersByTimeAsync(0)
    return inbox
  }
  const say = (event: UserEvent) => listener.onEvent?.(event)

  beforeEach(() => {
    vi.useFakeTimers()
    vi.clearAllMocks()
    stored = [item(3), item(2), item(1, { read: true })]
    told = []
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('counts what is unread, and what comes, once however often it is told', async () => {
    const inbox = await open()
    const arrivals: string[] = []
    inbox.onArrival(({ id }) => arrivals.push(id))
    expect(inbox.state.value.count).toBe(2)
    for (const data of [item(4), item(4), item(4, { version: 2, count: 2 })]) say({ event: 'notification:new', data })
    expect(inbox.state.value.count).toBe(3)
    expect(ids(inbox.state.value.all.items)).toEqual(['n4', 'n3', 'n2', 'n1'])
    expect(arrivals).toEqual(['n4'])
  })

  it('shows as read at once, tells the other tabs, and takes it back where the server did not take it', async () => {
    const inbox = await open()
    notifications.markRead.mockRejectedValueOnce(new Error('offline'))
    const done = inbox.markRead('n3')
    expect([inbox.state.value.count, inbox.state.value.all.items[0]?.read]).toEqual([1, true])
    expect(told).toEqual([{ kind: 'read', ids: ['n3'] }])
    await done
    expect([inbox.state.value.count, inbox.state.value.all.items[0]?.read]).toEqual([2, false])
  })

  it('takes no number that may be from before a read which is under way, and asks again', async () => {
    const inbox = await open()
    const answer = Promise.withResolvers<void>()
    notifications.markRead.mockReturnValueOnce(answer.promise)
    void inbox.markRead('n3')
    await inbox.load()
    expect(inbox.state.value.count).toBe(1)
    // Asked before the answer and told after it: still from before.
    const late = Promise.withResolvers<number>()
    notifications.unreadCount.mockReturnValueOnce(late.promise)
    const loaded = inbox.load()
    answer.resolve()
    await vi.advanceTimersByTimeAsync(0)
    late.resolve(2)
    await loaded
    expect(inbox.state.value.count).toBe(1)
    stored = [item(4), item(3, { read: true }), item(2)]
    notifications.unreadCount.mockClear()
    await vi.advanceTimersByTimeAsync(2_000)
    expect([inbox.state.value.count, notifications.unreadCount.mock.calls.length]).toEqual([2, 1])
  })

  it('agrees with the other tabs, without telling the server again', async () => {
    const inbox = await open()
    heard({ kind: 'read', ids: ['n3'] })
    heard({ kind: 'removed', id: 'n2' })
    expect([inbox.state.value.count, ids(inbox.state.value.all.items)]).toEqual([0, ['n3', 'n1']])
    expect([notifications.markRead.mock.calls, notifications.remove.mock.calls]).toEqual([[], []])
  })

  it('knows as read what its person has read on another device', async () => {
    const inbox = await open()
    say({ event: 'room:read', roomId: 'room3', data: { roomId: 'room3', reads: [{ userId: 'other', seq: 9 }] } })
    expect(inbox.state.value.count).toBe(2)
    say({ event: 'room:read', roomId: 'room3', data: { roomId: 'room3', reads: [{ userId: ME, seq: 1 }] } })
    expect(inbox.state.value.count).toBe(1)
  })

  it('removes at once, for good a little later, and not at all where it is undone', async () => {
    const inbox = await open()
    const undo = inbox.remove('n3')
    inbox.remove('n2')
    expect([inbox.state.value.count, ids(inbox.state.value.all.items)]).toEqual([0, ['n1']])
    // A page that is loaded meanwhile does not bring them back.
    await inbox.load()
    expect([inbox.state.value.count, ids(inbox.state.value.all.items)]).toEqual([0, ['n1']])
    undo()
    expect([inbox.state.value.count, ids(inbox.state.value.all.items)]).toEqual([1, ['n3', 'n1']])
    await vi.advanceTimersByTimeAsync(UNDO_MS)
    expect(notifications.remove.mock.calls).toEqual([['n2']])
    expect(told).toEqual([{ kind: 'removed', id: 'n2' }])
  })

  it('has removed what waits when it is flushed, and asks for nothing once it is closed', async () => {
    const inbox = await open()
    const answer = Promise.withResolvers<void>()
    notifications.remove.mockReturnValueOnce(answer.promise)
    inbox.remove('n3')
    let isFlushed = false
    const flushed = inbox.flush().then(() => {
      isFlushed = true
    })
    await vi.advanceTimersByTimeAsync(0)
    expect([notifications.remove.mock.calls, isFlushed]).toEqual([[['n3']], false])
    answer.resolve()
    await flushed
    notifications.remove.mockRejectedValueOnce(new Error('signed out'))
    notifications.list.mockClear()
    inbox.remove('n2')
    inbox.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([notifications.remove.mock.calls.length, notifications.list.mock.calls]).toEqual([2, []])
  })

  it('lists the unread ones by themselves, and one that is read leaves them', async () => {
    const inbox = await open()
    await inbox.load('unread')
    expect(ids(inbox.state.value.unread.items)).toEqual(['n3', 'n2'])
    await inbox.markRead('n3')
    expect(ids(inbox.state.value.unread.items)).toEqual(['n2'])
    await inbox.markAllRead()
    expect([inbox.state.value.unread.items, inbox.state.value.count]).toEqual([[], 0])
    expect(notifications.markAllRead).toHaveBeenCalledOnce()
  })
})
