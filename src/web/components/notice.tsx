import type { ComponentChildren } from 'preact'
import { Mark } from './mark.tsx'

interface NoticeProps {
  title: string
  children?: ComponentChildren
  /** A failure is told at once; an empty state is not. */
  isAlert?: boolean
  withMark?: boolean
  testId?: string
}

/** What stands where there is nothing to show: empty, failed, not found. */
export function Notice({ title, children, isAlert, withMark, testId }: NoticeProps) {
  return (
    <div class="notice" role={isAlert ? 'alert' : undefined} data-testid={testId}>
      {withMark && <Mark />}
      <p class="notice-title">{title}</p>
      {children}
    </div>
  )
}
