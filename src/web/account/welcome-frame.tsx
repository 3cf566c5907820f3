import type { ComponentChildren } from 'preact'
import { Word } from '../components/mark.tsx'

/** What stands beside the way in, and beside the ways back into an account. */
export function WelcomeFrame({ children }: { children: ComponentChildren }) {
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
      <div class="welcome-side">{children}</div>
    </main>
  )
}
