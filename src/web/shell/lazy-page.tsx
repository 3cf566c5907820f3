import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ErrorState } from '../components/error-state.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'

/**
 * A page whose script comes when it is first asked for. While it comes its frame is drawn; when it does not (no
 * network, or a deployment has replaced it) that is said, and asking again is one press.
 */
export function lazyPage(title: string, load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null
  return function LazyPage() {
    const [, redraw] = useState({})
    const [problem, setProblem] = useState<unknown>(null)
    const [attempt, setAttempt] = useState(0)

    useEffect(() => {
      if (loaded) return
      let isGone = false
      load().then(
        (component) => {
          loaded = component
          if (!isGone) redraw({})
        },
        (error: unknown) => isGone || setProblem(error),
      )
      return () => {
        isGone = true
      }
    }, [attempt])

    const Page = loaded
    if (Page) return <Page />
    return (
      <PageFrame title={title}>
        {problem ? (
          <ErrorState
            problem={problem}
            onRetry={() => {
              setProblem(null)
              setAttempt(attempt + 1)
            }}
          />
        ) : (
          <SkeletonRows count={5} label="Loading the page" />
        )}
      </PageFrame>
    )
  }
}
