import { useRef } from 'preact/hooks'
import { EMOJI_GROUPS, recentEmoji } from './recent-emoji.ts'
import { openShelf } from './shelf.ts'

interface EmojiPickerProps {
  userId: string
  onPick: (emoji: string) => void
}

/** Some fifty, with those used lately first. One stop for Tab; arrows go from one to the next. */
export function EmojiPicker({ userId, onPick }: EmojiPickerProps) {
  const panel = useRef<HTMLDivElement>(null)
  const groups = [{ title: 'Often used', emoji: recentEmoji(openShelf(), userId) }, ...EMOJI_GROUPS]

  const onKeyDown = (event: KeyboardEvent) => {
    const all: Element[] = [...(panel.current?.querySelectorAll('button') ?? [])]
    const at = document.activeElement ? all.indexOf(document.activeElement) : -1
    const to = at === -1 ? undefined : all[nextPlace(event.key, at, all)]
    if (!(to instanceof HTMLElement)) return
    event.preventDefault()
    to.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it passes the focus on among its buttons
    <div class="emoji-picker" ref={panel} onKeyDown={onKeyDown} data-testid="emoji-picker">
      {groups.map(({ title, emoji }, group) => (
        <section key={title} aria-label={title}>
          <p class="emoji-title" aria-hidden="true">
            {title}
          </p>
          <div class="emoji-grid">
            {emoji.map((one, at) => (
              <button
                key={one}
                type="button"
                class="emoji"
                tabIndex={group === 0 && at === 0 ? 0 : -1}
                data-emoji={one}
                onClick={() => onPick(one)}
              >
                {one}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}

/** Where a key leads: up and down by what stands there, as the rows are as wide as the panel allows. */
function nextPlace(key: string, at: number, all: Element[]): number {
  if (key === 'ArrowRight') return at + 1
  if (key === 'ArrowLeft') return at - 1
  if (key === 'Home') return 0
  if (key === 'End') return all.length - 1
  const here = all[at]?.getBoundingClientRect()
  if (!here || (key !== 'ArrowDown' && key !== 'ArrowUp')) return -1
  const isBelow = key === 'ArrowDown'
  const gaps = all.map((button) => {
    const there = button.getBoundingClientRect()
    const down = isBelow ? there.top - here.top : here.top - there.top
    return down < here.height / 2 ? Number.POSITIVE_INFINITY : down * 10 + Math.abs(there.left - here.left)
  })
  const nearest = Math.min(...gaps)
  return nearest === Number.POSITIVE_INFINITY ? at : gaps.indexOf(nearest)
}
