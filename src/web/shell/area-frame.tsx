import type { ComponentChildren } from 'preact'
import { AccountMenu } from '../account/account-menu.tsx'
import { VerifyBanner } from '../account/verify-banner.tsx'
import { ConnectionBanner } from '../chat/connection-banner.tsx'
import { Word } from '../components/mark.tsx'
import { Bell } from '../notifications/bell.tsx'
import { followInside, HOME } from '../route.ts'

/** What surrounds every page but the chat, which has its own head: the way home, the bell, the account. */
export function AreaFrame({ children }: { children: ComponentChildren }) {
  return (
    <div class="area">
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <ConnectionBanner />
      <header class="area-bar">
        <a class="area-home" href={HOME} onClick={followInside} aria-label="Selvage, to your conversations">
          <Word />
        </a>
        <Bell />
        <AccountMenu />
      </header>
      <div class="area-body">
        <VerifyBanner />
        {children}
      </div>
    </div>
  )
}
