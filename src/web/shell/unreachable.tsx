import { useEffect, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { useAction } from '../components/use-action.ts'

const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 30_000

interface UnreachableProps {
  message: string
  /** Ends this state by itself when it succeeds. */
  retry: () => Promise<void>
}

/** Nobody can say who is here. It asks again by itself: at once when the network says it is back, else ever more rarely. */
export function Unreachable({ message, retry }: UnreachableProps) {
  const [tries, setTries] = useState(0)
  const again = useAction(retry)

  useEffect(() => {
    const askAgain = () => void again.run().then(() => setTries((count) => count + 1))
    const timer = setTimeout(askAgain, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries))
    addEventListener('online', askAgain)
    return () => {
      clearTimeout(timer)
      removeEventListener('online', askAgain)
    }
  }, [tries])

  return (
    <main class="splash">
      <Notice
        title={navigator.onLine ? 'Selvage cannot be reached' : 'You are offline'}
        isAlert
        withMark
        level={1}
        testId="unreachable"
      >
        <p>{message}</p>
        <Button kind="primary" isBusy={again.isBusy} onPress={() => void again.run()}>
          Try again
        </Button>
      </Notice>
    </main>
  )
}
