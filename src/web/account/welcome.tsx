import { useState } from 'preact/hooks'
import { Word } from '../components/mark.tsx'
import { LoginForm } from './login-form.tsx'
import { RegisterForm } from './register-form.tsx'

export function Welcome({ wasSignedIn }: { wasSignedIn: boolean }) {
  const [isNew, setNew] = useState(false)
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
            <p class="account-problem account-note" role="status">
              Your session has ended. Please sign in again.
            </p>
          )}
          {isNew ? <RegisterForm onOther={() => setNew(false)} /> : <LoginForm onOther={() => setNew(true)} />}
        </div>
      </div>
    </main>
  )
}
