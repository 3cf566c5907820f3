import { describe, expect, it } from 'vitest'
import { isActionUrl } from '../../src/features/notifications/domain/action-url.ts'
import {
  type Category,
  changePreferences,
  channelsFor,
  DEFAULT_PREFERENCES,
  type Preferences,
} from '../../src/features/notifications/domain/preferences.ts'
import { newMessageNotification } from '../../src/features/notifications/new-message.ts'
import { effectId, idTime, newId } from '../../src/platform/ids.ts'
import { unseenMessages } from '../support/unseen.ts'

const channels = (change: Partial<Preferences>, category: Category = 'comment') =>
  channelsFor(changePreferences(DEFAULT_PREFERENCES, change), category)

describe('the channels of a notification', () => {
  it('are all of them unless something speaks against it (R14.7)', () => {
    expect(channels({})).toEqual(['in-app', 'email', 'push'])
    expect(channels({ categoryPreferences: { system: { email: false, push: false } } })).toEqual([
      'in-app',
      'email',
      'push',
    ])
    expect(channels({ categoryPreferences: { comment: {} } })).toEqual(['in-app', 'email', 'push'])
  })

  it.each<[Partial<Preferences>, string[]]>([
    [{ inAppEnabled: false }, ['email', 'push']],
    [{ emailEnabled: false }, ['in-app', 'push']],
    [{ pushEnabled: false }, ['in-app', 'email']],
    [{ emailDigest: true }, ['in-app', 'push']],
    [{ categoryPreferences: { comment: { email: false } } }, ['in-app', 'push']],
    [{ categoryPreferences: { comment: { push: false } } }, ['in-app', 'email']],
    // A category opens nothing that is closed as a whole.
    [{ emailEnabled: false, categoryPreferences: { comment: { email: true } } }, ['in-app', 'push']],
    [{ inAppEnabled: false, emailEnabled: false, pushEnabled: false }, []],
  ])('follow switches, categories and the digest: %j (R14.7)', (change, expected) => {
    expect(channels(change)).toEqual(expected)
  })
})

describe('the title of a room’s notification', () => {
  const title = (count: number, mentions?: number, roomType: 'group' | 'private' = 'group') =>
    newMessageNotification(
      unseenMessages(newId(), {
        count,
        roomType,
        roomName: 'Weavers',
        ...(mentions === undefined ? {} : { mentions }),
      }),
      [],
    ).title

  it('says how many messages mention the person, where any do', () => {
    expect([title(3), title(3, 0), title(3, 1), title(5, 2), title(1, 1), title(120, 100)]).toEqual([
      '3 new messages in Weavers',
      '3 new messages in Weavers',
      '3 new messages in Weavers, 1 mentions you',
      '5 new messages in Weavers, 2 mention you',
      'New message in Weavers mentions you',
      '99+ new messages in Weavers, 99+ mention you',
    ])
    expect(title(2, 1, 'private')).toBe('2 new messages from ann, 1 mentions you')
  })
})

describe('the link of a notification', () => {
  it.each(['/posts/1', '/?room=1', '/', 'https://example.com/a?b=c'])('may be %s (R14.39)', (url) => {
    expect(isActionUrl(url)).toBe(true)
  })

  it.each([
    ...['javascript:alert(1)', 'http://example.com', '//example.com', '/\\example.com', 'posts/1', ''],
    ...[' /posts', 'https://', '/a\nb', 'data:text/html,x'],
  ])('may not be %j (R14.39)', (url) => {
    expect(isActionUrl(url)).toBe(false)
  })
})

describe('the id of an effect', () => {
  it('is the same for cause and subject, another for any other, and as old as its cause', async () => {
    const cause = newId()
    const id = await effectId(cause, 'ann')
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(idTime(id)).toBe(idTime(cause))
    expect(await effectId(cause, 'ann')).toBe(id)
    expect(new Set([id, await effectId(cause, 'bob'), await effectId(newId(), 'ann')]).size).toBe(3)
  })
})
