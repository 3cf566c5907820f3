import { render } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { createStore, useStore } from '../store.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { topPlace } from './top-place.ts'

export interface Toast {
  text: string
  tone?: 'plain' | 'good' | 'bad'
  action?: { label: string; onPress: () => void }
}

type Shown = Toast & { id: number }

const MOST = 3
const STAYS_MS = 6_000
/** What can be answered stays until a slow reader has. */
const STAYS_WITH_ACTION_MS = 12_000

const toasts = createStore<{ shown: Shown[] }>({ shown: [] })
let lastId = 0

/** A short word on what has just happened. What has failed is also said where it failed: this one goes away. */
export function toast(news: Toast): void {
  const shown = { ...news, id: ++lastId }
  toasts.set(({ shown: others }) => ({
    shown: [...others.filter(({ text }) => text !== news.text), shown].slice(-MOST),
  }))
}

function dismiss(id: number): void {
  toasts.set(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }))
}

/** Drawn once, by the shell: over everything, also over a dialog. */
export function Toasts() {
  useLayoutEffect(() => {
    if (!topPlace.isConnected) document.body.append(topPlace)
    // A tree of its own, because the place moves from dialog to dialog.
    render(<Regions />, topPlace)
    return () => render(null, topPlace)
  }, [])
  return null
}

/** Both regions are always there, so that screen readers notice what comes. */
function Regions() {
  const { shown } = useStore(toasts)
  const [isHeld, setHeld] = useState(false)
  const drawn = (isBad: boolean) =>
    shown
      .filter(({ tone }) => (tone === 'bad') === isBad)
      .map((one) => <ToastCard key={one.id} toast={one} isHeld={isHeld} />)
  return (
    <section
      class="toasts"
      aria-label="Messages of the page"
      // Whoever reads or is about to answer is not hurried.
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <div role="alert">{drawn(true)}</div>
      <div role="status">{drawn(false)}</div>
    </section>
  )
}

function ToastCard({ toast: { id, text, tone = 'plain', action }, isHeld }: { toast: Shown; isHeld: boolean }) {
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => dismiss(id), action ? STAYS_WITH_ACTION_MS : STAYS_MS)
    return () => clearTimeout(timer)
  }, [id, isHeld])
  return (
    <div class={`toast toast-${tone}`} data-testid="toast">
      {tone !== 'plain' && <Icon name={tone === 'good' ? 'check' : 'alert'} />}
      <p>{text}</p>
      {action && (
        <Button
          kind="text"
          onPress={() => {
            dismiss(id)
            action.onPress()
          }}
        >
          {action.label}
        </Button>
      )}
      <Button kind="icon" label="Dismiss" onPress={() => dismiss(id)}>
        <Icon name="close" />
      </Button>
    </div>
  )
}
