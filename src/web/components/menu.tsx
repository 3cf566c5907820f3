import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'
import { placeUnder } from './place-under.ts'

export interface MenuItem {
  label: string
  icon?: IconName
  onPick: () => void
  isDanger?: boolean
  isDisabled?: boolean
  /** One choice of several, or something that is on or off: shown as such. */
  isChecked?: boolean
  testId?: string
}

interface MenuProps {
  /** Says what the menu is of: `Actions for the message of Tomás`. */
  label: string
  items: readonly (MenuItem | 'line')[]
  /** What the button shows; three dots without. */
  trigger?: ComponentChildren
  /** Of the button, beside those that every icon button has. */
  class?: string
  testId?: string
}

const TYPE_AHEAD_MS = 600

/** A button and the list of what can be done: arrows, Home, End, first letters, Escape and Tab as in any menu. */
export function Menu({ label, items, trigger, class: extra = '', testId }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [opensAt, setOpensAt] = useState<'first' | 'last' | null>(null)
  const typed = useRef({ text: '', atMs: 0 })
  const isOpen = opensAt !== null

  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]
  const close = (goesBack: boolean) => {
    if (goesBack) button.current?.focus()
    setOpensAt(null)
  }

  useLayoutEffect(() => {
    if (!opensAt || !list.current || !button.current) return
    // Above everything, an open dialog too, where the browser can.
    list.current.showPopover?.()
    placeUnder(button.current, list.current)
    rows()
      .at(opensAt === 'first' ? 0 : -1)
      ?.focus()
  }, [opensAt])

  useEffect(() => {
    if (!isOpen) return
    const isInside = ({ target }: Event) =>
      target instanceof Node && (list.current?.contains(target) || button.current?.contains(target))
    const onAway = (event: Event) => isInside(event) || close(false)
    const onResize = () => button.current && list.current && placeUnder(button.current, list.current)
    addEventListener('pointerdown', onAway, true)
    addEventListener('scroll', onAway, true)
    addEventListener('resize', onResize)
    return () => {
      removeEventListener('pointerdown', onAway, true)
      removeEventListener('scroll', onAway, true)
      removeEventListener('resize', onResize)
    }
  }, [isOpen])

  const onKeyDown = (event: KeyboardEvent) => {
    const all = rows()
    const at = all.findIndex((row) => row.matches(':focus'))
    const to = {
      ArrowDown: all[(at + 1) % all.length],
      ArrowUp: all.at(at <= 0 ? -1 : at - 1),
      Home: all[0],
      End: all.at(-1),
    }[event.key]
    if (to) to.focus()
    else if (event.key === 'Escape') close(true)
    else if (event.key === 'Tab') return close(true)
    else if (isLetter(event)) {
      const { text, atMs } = typed.current
      const isPause = event.timeStamp - atMs > TYPE_AHEAD_MS
      const wanted = ((isPause ? '' : text) + event.key).toLowerCase()
      typed.current = { text: wanted, atMs: event.timeStamp }
      const after = wanted.length === 1 ? [...all.slice(at + 1), ...all] : [...all.slice(at), ...all]
      after.find((row) => row.textContent?.trim().toLowerCase().startsWith(wanted))?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <button
        type="button"
        class={`button button-icon ${extra}`}
        ref={button}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-testid={testId}
        onClick={() => setOpensAt(isOpen ? null : 'first')}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          setOpensAt(event.key === 'ArrowDown' ? 'first' : 'last')
        }}
      >
        {trigger ?? <Icon name="more" />}
      </button>
      {isOpen && (
        <div
          class="menu"
          id={id}
          ref={list}
          role="menu"
          tabIndex={-1}
          popover="manual"
          aria-label={label}
          onKeyDown={onKeyDown}
        >
          {items.map((item, at) =>
            item === 'line' ? (
              // biome-ignore lint/a11y/useSemanticElements: a ruler is no child of a menu
              <div class="menu-line" role="separator" key={at} />
            ) : (
              <MenuRow
                key={item.label}
                item={item}
                onPick={() => {
                  // What it does may open a dialog, and the focus returns from there to the button.
                  close(true)
                  item.onPick()
                }}
              />
            ),
          )}
        </div>
      )}
    </>
  )
}

function MenuRow({ item: { label, icon, isDanger, isDisabled, isChecked, testId }, onPick }: RowProps) {
  return (
    <button
      type="button"
      class={`menu-item ${isDanger ? 'menu-item-danger' : ''}`}
      {...roleOf(isChecked)}
      aria-disabled={isDisabled || undefined}
      tabIndex={-1}
      data-testid={testId}
      onClick={() => isDisabled || onPick()}
      onPointerMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
    >
      {icon && <Icon name={icon} />}
      <span class="menu-label">{label}</span>
      {isChecked && <Icon name="check" />}
    </button>
  )
}

const roleOf = (isChecked: boolean | undefined) =>
  isChecked === undefined
    ? ({ role: 'menuitem' } as const)
    : ({ role: 'menuitemradio', 'aria-checked': isChecked } as const)

interface RowProps {
  item: MenuItem
  onPick: () => void
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return [...key].length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey
}
