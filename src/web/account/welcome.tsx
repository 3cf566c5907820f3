import { useState } from 'preact/hooks'
import { Word } from '../components/mark.tsx'
import { route } from '../route.ts'
import { useStore } from '../store.ts'
import { LoginForm } from './login-form.tsx'
import { RegisterForm } from './register-form.tsx'
import { useIsOnline } from './use-is-online.ts'
import { wantedPlace } from './wanted-place.ts'

/** The way in. The address stays what it was, so that whoever comes in is where they wanted to go. */
export function Welcome({ wasSignedIn }: { wasSignedIn: boolean }) {
  const [isNew, setNew] = useState(false)
  const wanted = wantedPlace(useStore(route))
  const isOnline = useIsOnline()
  return (
    <main class="welcome">
      <section class="welcome-cloth" aria-label="About Selvage">
        <Word />
        <div>
          <p class="welcome-line">Conversations that hold at the edges.</p>
          <p class="welcome-small">Every message arrives once and in order, whatever the network does in between.</p>
        </div>
        <p class="welcome-definition">
          <i>selvage</i>, noun: the finished edge of a cloth, woven so that it does not fray.
        </p>
      </section>
      <div class="welcome-side">
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
        </div>
      </div>
    </main>
  )
}
