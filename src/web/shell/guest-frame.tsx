import type { ComponentChildren } from 'preact'
import { Word } from '../components/mark.tsx'
import { ADDRESSES, followInside, route } from '../route.ts'
import { useStore } from '../store.ts'
import { signInHref } from '../way-back.ts'

/** What surrounds a page that is open to those who are not signed in. */
export function GuestFrame({ children }: { children: ComponentChildren }) {
  const here = useStore(route)
  return (
    <div class="area">
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class="area-bar">
        <a class="area-home" href={ADDRESSES.shop} onClick={followInside} aria-label="Selvage, to the shop">
          <Word />
        </a>
        <a class="button button-quiet" href={signInHref(here)} onClick={followInside} data-testid="guest-sign-in">
          Sign in
        </a>
      </header>
      <div class="area-body">{children}</div>
    </div>
  )
}
