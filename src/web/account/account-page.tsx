import { PageFrame } from '../components/page-frame.tsx'
import { Tabs } from '../components/tabs.tsx'
import { type AccountTab, accountHref, route } from '../route.ts'
import { useStore } from '../store.ts'
import { PreferencesTab } from './preferences-tab.tsx'
import { PrivacyTab } from './privacy-tab.tsx'
import { ProfileTab } from './profile-tab.tsx'
import { SecurityTab } from './security/security-tab.tsx'
import { SessionsTab } from './sessions-tab.tsx'

const TABS: Record<AccountTab, { label: string; title: string; Part: () => preact.JSX.Element }> = {
  profile: { label: 'Profile', title: 'Your profile', Part: ProfileTab },
  security: { label: 'Security', title: 'Signing in and security', Part: SecurityTab },
  sessions: { label: 'Sessions', title: 'Where you are signed in', Part: SessionsTab },
  notifications: { label: 'Notifications', title: 'How you are told', Part: PreferencesTab },
  privacy: { label: 'Privacy', title: 'Privacy and your data', Part: PrivacyTab },
}

/** What belongs to the one who is signed in, in five parts. */
export function AccountPage() {
  const { tab = '' } = useStore(route).query
  const active = isTab(tab) ? tab : 'profile'
  const { title, Part } = TABS[active]
  const items = Object.entries(TABS).map(([id, { label }]) => ({
    id,
    label,
    href: isTab(id) ? accountHref(id) : accountHref(),
    testId: `account-tab-${id}`,
  }))
  return (
    <PageFrame title={title} nav={<Tabs label="Account" active={active} items={items} />}>
      <Part key={active} />
    </PageFrame>
  )
}

function isTab(text: string): text is AccountTab {
  return Object.hasOwn(TABS, text)
}
