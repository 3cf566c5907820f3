import { ErrorState } from '../components/error-state.tsx'
import { Mark } from '../components/mark.tsx'

/** What is there before anything else is. */
export function Splash() {
  return (
    <main class="splash">
      <h1 class="visually-hidden">Selvage</h1>
      <div role="status">
        <Mark />
        <span class="visually-hidden">Opening Selvage</span>
      </div>
    </main>
  )
}

export function SplashProblem({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  return (
    <main class="splash">
      <h1 class="visually-hidden">Selvage</h1>
      <ErrorState problem={problem} onRetry={onRetry} />
    </main>
  )
}
