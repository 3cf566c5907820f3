import { useRef, useState } from 'preact/hooks'
import { dayTitle } from '../../times.ts'
import { MessageRow } from './message-row.tsx'
import { isPending, type Row } from './message-rows.ts'

interface MessageFeedProps {
  rows: Row[]
  isBusy: boolean
  targetSeq: number | null
  label?: string
  onEscape: () => void
}

/** The messages. Tab stops once, at the newest or where the focus was; arrows lead from one to the next. */
export function MessageFeed({ rows, isBusy, targetSeq, label = 'Messages', onEscape }: MessageFeedProps) {
  const feed = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState('')
  const keys = rows.filter((row) => row.kind === 'message').map(({ key }) => key)
  const tabStop = keys.includes(focused) ? focused : keys.at(-1)

  const onKeyDown = (event: KeyboardEvent) => {
    // Only from a message itself: what stands inside has arrows of its own.
    if (!(event.target instanceof HTMLElement) || event.target.dataset.key === undefined) return
    if (event.key === 'Escape') {
      event.preventDefault()
      return onEscape()
    }
    const all = [...(feed.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])]
    const at = all.indexOf(event.target)
    const to = {
      ArrowUp: all[at - 1],
      ArrowDown: all[at + 1],
      PageUp: all[Math.max(0, at - 10)],
      PageDown: all[Math.min(all.length - 1, at + 10)],
      Home: all[0],
      End: all.at(-1),
    }[event.key]
    if (!to) return
    event.preventDefault()
    to.focus({ preventScroll: true })
    to.scrollIntoView({ block: 'nearest' })
  }

  // Without any message it is no feed.
  if (rows.length === 0) return null
  return (
    <div
      class="feed"
      ref={feed}
      role="feed"
      aria-label={label}
      aria-busy={isBusy}
      onKeyDown={onKeyDown}
      onFocusIn={({ target }) => {
        const key = target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset.key : undefined
        if (key) setFocused(key)
      }}
    >
      {rows.map((row) => {
        if (row.kind === 'day') {
          return (
            <p class="day" key={row.key}>
              {dayTitle(row.at)}
            </p>
          )
        }
        if (row.kind === 'new') {
          return (
            <p class="new-line" key={row.key} data-line="new" data-testid="new-line">
              New since you were here
            </p>
          )
        }
        const { key, entry, isFirst, isLast } = row
        return (
          <MessageRow
            key={key}
            rowKey={key}
            entry={entry}
            isFirst={isFirst}
            isLast={isLast}
            isTabStop={key === tabStop}
            isTarget={targetSeq !== null && !isPending(entry) && entry.seq === targetSeq}
          />
        )
      })}
    </div>
  )
}
