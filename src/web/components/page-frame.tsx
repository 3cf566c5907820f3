import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { followInside, hasMoved, route } from '../route.ts'
import { useTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import { Icon } from './icon.tsx'

interface PageFrameProps {
  /** What the page shows: its heading, and the title of the window. */
  title: string
  /** One line under the heading. */
  about?: ComponentChildren
  back?: { href: string; label: string }
  /** Buttons beside the heading. */
  actions?: ComponentChildren
  /** The tabs of the area: beside the page where it is wide, above it where it is not. */
  nav?: ComponentChildren
  children?: ComponentChildren
}

/** A page of the account or of the operators: heading, landmark, width. Whoever moved here begins at its heading. */
export function PageFrame({ title, about, back, actions, nav, children }: PageFrameProps) {
  const { path } = useStore(route)
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(title)
  useEffect(() => {
    const isInNav = document.activeElement?.closest('.page-nav')
    // A press on a tab keeps its focus, so that arrows and Tab go on from there.
    if (hasMoved() && !isInNav) heading.current?.focus({ preventScroll: true })
    heading.current?.closest('.area-body')?.scrollTo(0, 0)
  }, [path])
  return (
    <div class={`page ${nav ? 'page-with-nav' : ''}`}>
      {nav && <div class="page-nav">{nav}</div>}
      <main class="page-main" id="content">
        <header class="page-head">
          {back && (
            <a class="button button-icon page-back" href={back.href} onClick={followInside} aria-label={back.label}>
              <Icon name="back" />
            </a>
          )}
          <div class="page-title">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {about && <p>{about}</p>}
          </div>
          {actions && <div class="page-actions">{actions}</div>}
        </header>
        {children}
      </main>
    </div>
  )
}

/** A part of a page under a heading of its own. */
export function PageSection({ title, about, actions, children }: Omit<PageFrameProps, 'back' | 'nav'>) {
  return (
    <section class="page-section">
      <header class="page-section-head">
        <div>
          <h2>{title}</h2>
          {about && <p>{about}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
