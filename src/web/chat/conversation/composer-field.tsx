import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Avatar } from '../../components/avatar.tsx'
import { useStore } from '../../store.ts'
import { hasKeyboard } from './composer-focus.ts'
import { useConversation } from './conversation-context.ts'
import { candidatesFor, completeMention, mentionAt } from './mentions.ts'

interface ComposerFieldProps {
  field: RefObject<HTMLTextAreaElement | null>
  placeholder: string
  isOver: boolean
  describedBy: string | undefined
  onSend: () => void
  onArrowUp: () => void
}

/** The text, and while a name is typed after `@`, who may be meant. */
export function ComposerField({ field, placeholder, isOver, describedBy, onSend, onArrowUp }: ComposerFieldProps) {
  const { conversation, room, draft, composerId, myId } = useConversation()
  const { text, mode } = useStore(draft.state)
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  /** The place of the `@` whose list was closed by Escape. */
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const caretAfter = useRef<number | null>(null)
  const query = room.type === 'group' ? mentionAt(text, caret) : null
  const people = query && query.start !== closedAt ? candidatesFor(room.members, query.query, myId) : []
  const isOpen = people.length > 0
  const listId = `${composerId}-people`

  useEffect(() => setActive(0), [query?.query])
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    if (caretAfter.current !== null) element.setSelectionRange(caretAfter.current, caretAfter.current)
    caretAfter.current = null
    grow(element)
  }, [text])
  // An edit begins at the end of what is there.
  useLayoutEffect(() => {
    if (mode.kind === 'edit') field.current?.setSelectionRange(text.length, text.length)
  }, [mode])

  const complete = (username: string) => {
    const done = completeMention(text, caret, username)
    caretAfter.current = done.caret
    setCaret(done.caret)
    draft.write(done.text)
    field.current?.focus()
  }
  const follow = () => setCaret(field.current?.selectionStart ?? 0)

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends a composition, in Japanese for instance; that one is not meant for us.
    if (event.isComposing) return
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    const chosen = people[active]
    if (isOpen && step) setActive((active + step + people.length) % people.length)
    else if (isOpen && chosen && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey)
      complete(chosen.username)
    else if (isOpen && event.key === 'Escape') setClosedAt(query?.start ?? null)
    else if (event.key === 'Escape' && mode.kind !== 'new') draft.cancel()
    else if (event.key === 'ArrowUp' && text === '' && mode.kind === 'new') onArrowUp()
    else if (event.key === 'Enter' && !event.shiftKey && hasKeyboard()) onSend()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <textarea
        class="composer-input"
        id={composerId}
        ref={field}
        rows={1}
        name="message"
        placeholder={placeholder}
        aria-label={mode.kind === 'edit' ? 'Your message' : placeholder}
        aria-describedby={describedBy}
        aria-invalid={isOver || undefined}
        aria-autocomplete={room.type === 'group' ? 'list' : undefined}
        aria-haspopup={room.type === 'group' ? 'listbox' : undefined}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${active}` : undefined}
        enterkeyhint={hasKeyboard() ? 'send' : 'enter'}
        data-testid={`${composerId}-input`}
        value={text}
        onInput={({ currentTarget }) => {
          setCaret(currentTarget.selectionStart)
          draft.write(currentTarget.value)
          if (mode.kind !== 'edit' && currentTarget.value.trim() !== '') conversation.typing.typed()
        }}
        onKeyDown={onKeyDown}
        onKeyUp={follow}
        onClick={follow}
        onBlur={() => {
          conversation.typing.stop()
          setClosedAt(query?.start ?? null)
        }}
        onFocus={() => setClosedAt(null)}
      />
      {isOpen && (
        <div class="mention-list" id={listId} role="listbox" aria-label="People to mention" data-testid="mention-list">
          {people.map(({ id, username, role }, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
            <div
              key={id}
              id={`${listId}-${at}`}
              class="mention-option"
              role="option"
              tabIndex={-1}
              aria-selected={at === active}
              data-testid="mention-option"
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => complete(username)}
            >
              <Avatar id={id} name={username} small />
              <span>{username}</span>
              {role !== 'member' && <span class="mention-role">{role}</span>}
            </div>
          ))}
        </div>
      )}
      <span class="visually-hidden" role="status">
        {isOpen &&
          `${people.length} ${people.length === 1 ? 'person' : 'people'} to mention. Arrow keys to choose, Enter to take.`}
      </span>
    </>
  )
}

const MOST_PX = 160

/** Grows with its text, where the style sheet cannot say so. */
function grow(element: HTMLTextAreaElement): void {
  if (CSS.supports('field-sizing', 'content')) return
  element.style.height = 'auto'
  element.style.height = `${Math.min(MOST_PX, element.scrollHeight)}px`
}
