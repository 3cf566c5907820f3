import type { Notification } from '../../client/index.ts'
import ADDRESSES from '../addresses.json'

export interface NotificationLink {
  href: string
  /** Elsewhere: it opens beside the page, and is told nothing of it. */
  isOutside: boolean
}

const SHOWN_CHARACTERS = 120

/** Where a notification leads: to the message where it is of one, to the room, to whatever it names; never to a script. */
export function linkOf({ actionUrl, data, category, count }: Notification): NotificationLink {
  const inside = (path: string, query: Record<string, string>) => {
    return { href: `${path}?${new URLSearchParams(query)}`, isOutside: false }
  }
  const room = data?.roomId
  if (category === 'new_message' && room) {
    // Of several the room itself knows where the first unread one is.
    return inside(ADDRESSES.home, { room, ...(count === 1 && data?.seq ? { message: data.seq } : {}) })
  }
  if (actionUrl?.startsWith('https://')) return { href: actionUrl, isOutside: true }
  const isOurs = actionUrl !== null && /^\/(?![/\\])/.test(actionUrl)
  return { href: isOurs ? actionUrl : ADDRESSES.notifications, isOutside: false }
}

export type NotificationIcon = 'thread' | 'people' | 'star' | 'reply' | 'info' | 'check' | 'warning' | 'alert'

export function iconOf({ type, category, data, actionUrl }: Notification): NotificationIcon {
  if (type === 'error') return 'alert'
  if (type === 'warning') return 'warning'
  if (category === 'new_message') return 'thread'
  if (category === 'new_follower' || data?.roomId || actionUrl?.startsWith(ADDRESSES.join)) return 'people'
  if (category === 'post_liked') return 'star'
  if (category === 'comment') return 'reply'
  return type === 'success' ? 'check' : 'info'
}

/** What a toast says of it: one line. */
export function lineOfNews({ title, message }: Pick<Notification, 'title' | 'message'>): string {
  const line = `${title}: ${message}`.replaceAll(/\s+/g, ' ')
  const characters = [...line]
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…` : line
}

/** A notification that somebody has before their eyes already needs no toast, nor does what only grows. */
export function deservesToast(
  news: Notification,
  seen: { openRoomId: string | null; path: string; isVisible: boolean },
): boolean {
  if (!seen.isVisible || seen.path === ADDRESSES.notifications) return false
  return seen.openRoomId === null || news.data?.roomId !== seen.openRoomId
}
