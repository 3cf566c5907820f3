import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { focusComposer, ROOM_COMPOSER } from './composer-focus.ts'

interface SidePanelProps {
  title: string
  onClose: () => void
  testId: string
  children: ComponentChildren
}

const WIDE = '(min-width: 64rem)'

/** Beside the conversation where there is room, else a dialog over it. */
export function SidePanel(props: SidePanelProps) {
  const isWide = useMedia(WIDE)
  if (isWide) return <Aside {...props} />
  return (
    <Dialog title={props.title} onClose={props.onClose} size="l" testId={props.testId}>
      <div class="side-panel-inside">{props.children}</div>
    </Dialog>
  )
}

function Aside({ title, onClose, testId, children }: SidePanelProps) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const from = document.activeElement
    // Where something inside has taken the focus already, it keeps it.
    if (!panel.current?.contains(from)) heading.current?.focus()
    const element = panel.current
    return () => {
      if (!element?.contains(document.activeElement) && document.activeElement !== document.body) return
      if (from instanceof HTMLElement && from.isConnected && !element?.contains(from)) from.focus()
      else focusComposer(ROOM_COMPOSER)
    }
  }, [])
  return (
    <aside
      class="side-panel"
      ref={panel}
      aria-labelledby={id}
      data-testid={testId}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
    >
      <header class="side-panel-head">
        <h2 id={id} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <Button kind="icon" label="Close" onPress={onClose} testId={`${testId}-close`}>
          <Icon name="close" />
        </Button>
      </header>
      <div class="side-panel-inside">{children}</div>
    </aside>
  )
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const media = matchMedia(query)
    const changed = () => setMatches(media.matches)
    changed()
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [query])
  return matches
}
