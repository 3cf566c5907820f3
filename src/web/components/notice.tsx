import type { ComponentChildren } from 'preact'
import { Mark } from './mark.tsx'

interface NoticeProps {
  title: string
  children?: ComponentChildren
  /** A failure is told at once; an empty state is not. */
  isAlert?: boolean
  withMark?: boolean
  /** Where it is all that the page shows, its title is the heading of the page. */
  level?: 1 | 2 | 3
  testId?: string | undefined
}

/** What stands where there is nothing to show: empty, failed, not found. */
export function Notice({ title, children, isAlert, withMark, level, testId }: NoticeProps) {
  const Title = level ? (`h${level}` as const) : 'p'
  return (
    <div class="notice" role={isAlert ? 'alert' : undefined} data-testid={testId}>
      {withMark && <Mark />}
      <Title class="notice-title">{title}</Title>
      {children}
    </div>
  )
}
