import type { ComponentChildren } from 'preact'
import { Word } from '../components/mark.tsx'
import { ADDRESSES, followInside, HOME } from '../route.ts'

/** What surrounds a page that is open to those who are not signed in. */
export function GuestFrame({ children }: { children: ComponentChildren }) {
  return (
    <div class="area">
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class="area-bar">
        <a class="area-home" href={ADDRESSES.shop} onClick={followInside} aria-label="Selvage, to the shop">
          <Word />
        </a>
        <a class="button button-quiet" href={HOME} onClick={followInside} data-testid="guest-sign-in">
          Sign in
        </a>
      </header>
      <div class="area-body">{children}</div>
    </div>
  )
}
