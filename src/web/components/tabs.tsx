import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { followInside } from '../route.ts'
import { Badge } from './badge.tsx'

export interface Tab {
  id: string
  label: string
  /** How much waits there; nothing is shown for 0. */
  count?: number | undefined
  /** Has an address of its own. Either all tabs have one or none has. */
  href?: string
  testId?: string
}

interface TabsProps {
  label: string
  active: string
  items: readonly Tab[]
  onPick?: (id: string) => void
}

/** Parts of one page. With addresses they are links in a `nav`; without, a tab list with arrows, Home and End. */
export function Tabs({ label, active, items, onPick }: TabsProps) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const tab = frame.current?.querySelector('[data-active="true"]')
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])

  if (items.every(({ href }) => href !== undefined)) {
    return (
      <nav class="tabs" aria-label={label} ref={frame}>
        {items.map((tab) => (
          <a
            key={tab.id}
            class="tab"
            href={tab.href}
            aria-current={tab.id === active ? 'page' : undefined}
            data-active={tab.id === active}
            data-testid={tab.testId}
            onClick={(event) => {
              if (followInside(event)) onPick?.(tab.id)
            }}
          >
            <TabText {...tab} />
          </a>
        ))}
      </nav>
    )
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = items.findIndex(({ id }) => id === active)
    const to = {
      ArrowRight: items[(at + 1) % items.length],
      ArrowLeft: items.at(at - 1),
      Home: items[0],
      End: items.at(-1),
    }[event.key]
    if (!to) return
    event.preventDefault()
    onPick?.(to.id)
    document.getElementById(tabId(to.id))?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={frame} tabIndex={-1} onKeyDown={onKeyDown}>
      {items.map((tab) => (
        <button
          key={tab.id}
          type="button"
          class="tab"
          role="tab"
          id={tabId(tab.id)}
          aria-selected={tab.id === active}
          data-active={tab.id === active}
          tabIndex={tab.id === active ? 0 : -1}
          data-testid={tab.testId}
          onClick={() => onPick?.(tab.id)}
        >
          <TabText {...tab} />
        </button>
      ))}
    </div>
  )
}

/** What the tab of that id shows. */
export function TabPanel({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <div role="tabpanel" aria-labelledby={tabId(id)}>
      {children}
    </div>
  )
}

function TabText({ label, count = 0 }: Tab) {
  return (
    <>
      {label}
      {count > 0 && (
        <>
          <Badge count={count} />
          <span class="visually-hidden">, {count}</span>
        </>
      )}
    </>
  )
}

const tabId = (id: string): string => `tab-${id}`
