import type { ComponentType, VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ErrorState } from '../components/error-state.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'

export type LazyPage = ComponentType & {
  /** Has its script come before it is drawn. */
  begin: () => void
}

interface Meanwhile {
  waiting: () => VNode
  failed: (problem: unknown, retry: () => void) => VNode
}

/**
 * A page whose script comes when it is first asked for. While it comes its frame is drawn; when it does not (no
 * network, or a deployment has replaced it) that is said, and asking again is one press.
 */
export function lazyPage(load: () => Promise<ComponentType>, { waiting, failed }: Meanwhile): LazyPage {
  let loaded: ComponentType | null = null
  const begin = async () => {
    loaded ??= await load()
  }
  LazyPage.begin = () => void begin().catch(() => undefined)
  return LazyPage

  function LazyPage() {
    const [, redraw] = useState({})
    const [problem, setProblem] = useState<unknown>(null)
    const [attempt, setAttempt] = useState(0)
    const Page = loaded

    useEffect(() => {
      if (Page) return
      let isGone = false
      begin().then(
        () => isGone || redraw({}),
        (error: unknown) => isGone || setProblem(error),
      )
      return () => {
        isGone = true
      }
    }, [attempt])

    if (Page) return <Page />
    if (!problem) return waiting()
    return failed(problem, () => {
      setProblem(null)
      setAttempt(attempt + 1)
    })
  }
}

/** Of an area under the bar: its frame stands already. */
export function framed(title: string): Meanwhile {
  return {
    waiting: () => (
      <PageFrame title={title}>
        <SkeletonRows count={5} label="Loading the page" />
      </PageFrame>
    ),
    failed: (problem, retry) => (
      <PageFrame title={title}>
        <ErrorState problem={problem} onRetry={retry} />
      </PageFrame>
    ),
  }
}
