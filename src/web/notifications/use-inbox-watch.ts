import { useEffect } from 'preact/hooks'
import { toast } from '../components/toast.tsx'
import { HOME, navigate, route } from '../route.ts'
import { showUnreadInTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import type { Workspace } from '../workspace.ts'
import { showDot } from './favicon.ts'
import { unreadOfRoom } from './inbox-lists.ts'
import type { Inbox } from './inbox-store.ts'
import { deservesToast, lineOfNews, linkOf } from './notification-link.ts'

/** What the inbox does beyond being looked at: the title, the icon of the tab, toasts, and rooms that are seen. */
export function useInboxWatch({ inbox }: Pick<Workspace, 'inbox'>): void {
  const { count, all } = useStore(inbox.state)
  const { path, query } = useStore(route)
  const openRoomId = path === HOME ? (query.room ?? null) : null

  useEffect(() => {
    showUnreadInTitle(count)
    showDot(count > 0)
    return () => {
      showUnreadInTitle(0)
      showDot(false)
    }
  }, [count])

  // Looking at a room is reading what was told of it; a tab in the background looks at nothing.
  useEffect(() => {
    const look = () => {
      const isSeen = openRoomId && document.visibilityState === 'visible'
      if (isSeen && unreadOfRoom(all.items, openRoomId).length > 0) inbox.markRoomRead(openRoomId)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [openRoomId, all.items, inbox])

  useEffect(() => {
    const isVisible = () => document.visibilityState === 'visible'
    return inbox.onArrival((news) => {
      if (deservesToast(news, { openRoomId, path, isVisible: isVisible() })) tellOf(news, inbox)
    })
  }, [openRoomId, path, inbox])

  useEffect(() => {
    // Another device may have read or removed some meanwhile, and nobody tells of that.
    const onShown = () => document.visibilityState === 'visible' && void inbox.load()
    const onLeave = () => void inbox.flush()
    document.addEventListener('visibilitychange', onShown)
    addEventListener('pagehide', onLeave)
    return () => {
      document.removeEventListener('visibilitychange', onShown)
      removeEventListener('pagehide', onLeave)
    }
  }, [inbox])
}

function tellOf(news: Parameters<typeof linkOf>[0], inbox: Inbox): void {
  const { href, isOutside } = linkOf(news)
  const open = () => {
    void inbox.markRead(news.id)
    navigate(href)
  }
  toast({ text: lineOfNews(news), ...(isOutside ? {} : { action: { label: 'Open', onPress: open } }) })
}
