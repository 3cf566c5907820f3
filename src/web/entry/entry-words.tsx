import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { WelcomeFrame } from '../account/welcome-frame.tsx'
import { followInside, HOME } from '../route.ts'
import { useTitle } from '../shell/title.ts'

interface EntryWordsProps {
  title: string
  children: ComponentChildren
  testId: string
}

/** What is said in the place of a form; whoever cannot see it is led there when it appears. */
export function EntryWords({ title, children, testId }: EntryWordsProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(title)
  useEffect(() => heading.current?.focus(), [])
  return (
    <WelcomeFrame>
      <div class="account-form" data-testid={testId}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
    </WelcomeFrame>
  )
}

export function HomeLink({ label }: { label: string }) {
  return (
    <a class="button button-primary" href={HOME} onClick={followInside} data-testid="entry-home">
      {label}
    </a>
  )
}
