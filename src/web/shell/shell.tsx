import { ChatPage } from '../chat/chat-page.tsx'
import { ADDRESSES, HOME, route } from '../route.ts'
import { useStore } from '../store.ts'
import { AreaFrame } from './area-frame.tsx'
import { lazyPage } from './lazy-page.tsx'

const JoinPage = lazyPage('Join a conversation', async () => (await import('../chat/rooms/join-page.tsx')).JoinPage)
const AccountPage = lazyPage('Account', async () => (await import('../account/account-page.tsx')).AccountPage)
const NotificationsPage = lazyPage(
  'Notifications',
  async () => (await import('../notifications/notifications-page.tsx')).NotificationsPage,
)
const AdminPage = lazyPage('Operations', async () => (await import('../admin/admin-page.tsx')).AdminPage)

/** The page of whoever is signed in. The chat is in the first load, every other area comes when it is opened. */
export function Shell() {
  const { path } = useStore(route)
  if (path === HOME) return <ChatPage />
  const Page = pageOf(path)
  return (
    <AreaFrame>
      <Page />
    </AreaFrame>
  )
}

function pageOf(path: string) {
  if (path === ADDRESSES.join) return JoinPage
  if (path === ADDRESSES.account) return AccountPage
  if (path === ADDRESSES.notifications) return NotificationsPage
  return AdminPage
}
