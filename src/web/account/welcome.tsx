import { useState } from 'preact/hooks'
import { ADDRESSES, followInside, isShop, route } from '../route.ts'
import { useStore } from '../store.ts'
import { partsOf, wantedFrom } from '../way-back.ts'
import { LoginForm } from './login-form.tsx'
import { RegisterForm } from './register-form.tsx'
import { useIsOnline } from './use-is-online.ts'
import { wantedPlace } from './wanted-place.ts'
import { WelcomeFrame } from './welcome-frame.tsx'

/** The way in. The address stays what it was, so that whoever comes in is where they wanted to go. */
export function Welcome({ wasSignedIn }: { wasSignedIn: boolean }) {
  const [isNew, setNew] = useState(false)
  const here = useStore(route)
  const wanted = wantedPlace(here)
  const place = wantedFrom(here)
  const shop = place !== null && isShop(partsOf(place).path) ? place : ADDRESSES.shop
  const isOnline = useIsOnline()
  return (
    <WelcomeFrame>
      <div class="account-form">
        {wasSignedIn && (
          <p class="account-problem account-note" role="status" data-testid="session-ended">
            <span>
              <strong>You have been signed out.</strong> Your session was ended on another device, or it ran out. What
              you had begun to write is kept in this browser.
            </span>
          </p>
        )}
        {!wasSignedIn && wanted && (
          <p class="account-problem account-note" data-testid="wanted-place">
            {wanted}
          </p>
        )}
        {!isOnline && (
          <p class="account-problem" role="status" data-testid="offline-note">
            You are offline. What you type stays here until you are back.
          </p>
        )}
        {isNew ? <RegisterForm onOther={() => setNew(false)} /> : <LoginForm onOther={() => setNew(true)} />}
        <p class="account-other">
          Only looking?{' '}
          <a class="link" href={shop} onClick={followInside} data-testid="to-shop">
            To the shop
          </a>
        </p>
      </div>
    </WelcomeFrame>
  )
}
