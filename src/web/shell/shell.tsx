import { ADDRESSES, HOME, isShop, route } from '../route.ts'
import { useStore } from '../store.ts'
import { AreaFrame } from './area-frame.tsx'
import { framed, type LazyPage, lazyPage } from './lazy-page.tsx'
import { ShopPage } from './shop-entry.tsx'
import { Splash, SplashProblem } from './splash.tsx'

const ChatPage = lazyPage(async () => (await import('../chat/chat-page.tsx')).ChatPage, {
  waiting: () => <Splash />,
  failed: (problem, retry) => <SplashProblem problem={problem} onRetry={retry} />,
})
const JoinPage = lazyPage(
  async () => (await import('../chat/rooms/join-page.tsx')).JoinPage,
  framed('Join a conversation'),
)
const AccountPage = lazyPage(async () => (await import('../account/account-page.tsx')).AccountPage, framed('Account'))
const LinkPage = lazyPage(
  async () => (await import('../account/outside/link-page.tsx')).LinkPage,
  framed('Linking an account'),
)
const NotificationsPage = lazyPage(
  async () => (await import('../notifications/notifications-page.tsx')).NotificationsPage,
  framed('Notifications'),
)
const AdminPage = lazyPage(async () => (await import('../admin/admin-page.tsx')).AdminPage, framed('Operations'))

// The page of this address is wanted as soon as somebody is signed in, and the document has asked for its script.
pageOf(route.value.path).begin()

/** The pages of whoever is signed in: each area comes when it is opened. */
export function Shell() {
  const { path } = useStore(route)
  const Page = pageOf(path)
  if (path === HOME) return <Page />
  return (
    <AreaFrame>
      <Page />
    </AreaFrame>
  )
}

function pageOf(path: string): LazyPage {
  if (path === HOME) return ChatPage
  if (isShop(path)) return ShopPage
  if (path === ADDRESSES.join) return JoinPage
  if (path === ADDRESSES.signingIn) return LinkPage
  if (path === ADDRESSES.account) return AccountPage
  if (path === ADDRESSES.notifications) return NotificationsPage
  return AdminPage
}
