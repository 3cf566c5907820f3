import type { Notification } from '../../client/index.ts'

/** One view of the inbox, as far as it is loaded, newest first. */
export interface InboxList {
  /** `idle`: nobody has looked yet. */
  status: 'idle' | 'loading' | 'ready' | 'failed'
  problem: unknown
  items: Notification[]
  nextCursor: string | null
  isLoadingMore: boolean
}

export const EMPTY_LIST: InboxList = {
  status: 'idle',
  problem: null,
  items: [],
  nextCursor: null,
  isLoadingMore: false,
}

/** One entry an id: the higher version wins, and what was read here stays read, however late a page is. */
export function withFresh(known: readonly Notification[], fresh: readonly Notification[]): Notification[] {
  const byId = new Map(known.map((item) => [item.id, item]))
  for (const item of fresh) {
    const older = byId.get(item.id)
    if (!older || older.version < item.version) byId.set(item.id, item)
    else if (older.version === item.version) byId.set(item.id, { ...item, read: item.read || older.read })
  }
  return [...byId.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
}

/**
 * The list with its first page loaded anew: what the page reaches over and does not have is gone, but for what has come
 * while it was on its way. Older pages stay where they join on.
 */
export function withFirstPage(
  list: InboxList,
  page: { items: Notification[]; nextCursor: string | null },
  arrived: ReadonlySet<string>,
): InboxList {
  const paged = new Set(page.items.map(({ id }) => id))
  const reach = page.items.at(-1)?.updatedAt
  const isOlder = ({ updatedAt }: Notification) => page.nextCursor !== null && reach !== undefined && updatedAt < reach
  const kept = list.items.filter((item) => paged.has(item.id) || arrived.has(item.id) || isOlder(item))
  const joinsOn = kept.some((item) => !paged.has(item.id) && !arrived.has(item.id))
  return {
    ...list,
    status: 'ready',
    problem: null,
    items: withFresh(kept, page.items),
    nextCursor: joinsOn ? list.nextCursor : page.nextCursor,
  }
}

/** Which of these are unread and about this room: whoever looks at it has read them. */
export function unreadOfRoom(items: readonly Notification[], roomId: string): Notification[] {
  return items.filter((item) => !item.read && roomIdOf(item) === roomId)
}

export function roomIdOf({ data }: Pick<Notification, 'data'>): string | null {
  return data?.roomId ?? null
}
