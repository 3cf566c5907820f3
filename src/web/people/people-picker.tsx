import { useId, useRef, useState } from 'preact/hooks'
import type { Person } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { FieldFrame } from '../components/field-frame.tsx'
import { Icon } from '../components/icon.tsx'
import { Spinner } from '../components/spinner.tsx'
import { fullName } from '../names.ts'
import { MIN_LETTERS, usePeopleSearch } from './use-people-search.ts'

interface PeoplePickerProps {
  label: string
  picked: readonly Person[]
  onChange: (people: Person[]) => void
  /** Who cannot be picked, such as who is there already, and why. */
  refusalOf?: (person: Person) => string | null
  error?: string | undefined
  optional?: boolean
  most: number
}

/** Preact's types want it said beside the role of a combobox. */
const NO_DATALIST = { list: undefined }

/** Finds people by name and keeps those who were picked as chips: Enter picks, Backspace in the empty field takes back. */
export function PeoplePicker({ label, picked, onChange, refusalOf, error, optional, most }: PeoplePickerProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const { status, people, problem } = usePeopleSearch(text)
  const isShort = [...text.trim()].length < MIN_LETTERS
  const found = isShort ? [] : people.filter((person) => !picked.some((one) => one.id === person.id))
  const chosen = found[Math.min(active, found.length - 1)]

  const pick = (person: Person) => {
    if (refusalOf?.(person) || picked.length >= most) return
    onChange([...picked, person])
    setText('')
    setActive(0)
    field.current?.focus()
  }
  const drop = (person: Person) => {
    onChange(picked.filter((one) => one.id !== person.id))
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const last = picked.at(-1)
    if (step && found.length > 0) setActive((Math.min(active, found.length - 1) + step + found.length) % found.length)
    else if (event.key === 'Enter' && chosen) pick(chosen)
    // Not the form's Enter either while a name is half typed.
    else if (event.key === 'Enter' && text.trim() !== '') setActive(0)
    else if (event.key === 'Escape' && text) setText('')
    else if (event.key === 'Backspace' && text === '' && last) drop(last)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div class="picker">
      <FieldFrame
        {...{ id, label, error, optional }}
        name="memberIds"
        hint={picked.length >= most ? `That is as many as fit at once: ${most}.` : undefined}
        control={
          <div class="picker-box field-input">
            {picked.map((person) => (
              <button
                type="button"
                class="chip"
                key={person.id}
                aria-label={`Take ${fullName(person)} out`}
                data-testid="picked-person"
                onClick={() => drop(person)}
              >
                <Avatar id={person.id} name={fullName(person)} small />
                <span class="chip-text">{fullName(person)}</span>
                <Icon name="close" />
              </button>
            ))}
            <input
              id={id}
              ref={field}
              class="picker-input"
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              maxLength={100}
              placeholder={picked.length === 0 ? 'Start with a name' : ''}
              {...NO_DATALIST}
              role="combobox"
              aria-autocomplete="list"
              aria-expanded={found.length > 0}
              aria-controls={found.length > 0 ? `${id}-list` : undefined}
              aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
              aria-invalid={error ? 'true' : undefined}
              aria-describedby={error ? `${id}-error` : undefined}
              data-testid="people-picker"
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value)
                setActive(0)
              }}
              onKeyDown={onKeyDown}
            />
            {status === 'searching' && <Spinner />}
          </div>
        }
      />
      {text.trim() !== '' && (
        <div class="picker-results">
          {isShort && <p class="picker-hint">Type {MIN_LETTERS} letters or more of a name.</p>}
          {!isShort && problem && <p class="picker-hint">{problem}</p>}
          {!isShort && status === 'done' && found.length === 0 && (
            <p class="picker-hint">Nobody {people.length > 0 ? 'else ' : ''}by that name.</p>
          )}
          {found.length > 0 && (
            <div id={`${id}-list`} role="listbox" aria-label="People found">
              {found.map((person) => (
                <PickerRow
                  key={person.id}
                  id={`${id}-${person.id}`}
                  person={person}
                  refusal={refusalOf?.(person) ?? null}
                  isActive={person.id === chosen?.id}
                  onPick={() => pick(person)}
                />
              ))}
            </div>
          )}
        </div>
      )}
      <span class="visually-hidden" role="status">
        {!isShort && status === 'done' ? `${found.length} found` : ''}
      </span>
    </div>
  )
}

interface PickerRowProps {
  id: string
  person: Person
  refusal: string | null
  isActive: boolean
  onPick: () => void
}

function PickerRow({ id, person, refusal, isActive, onPick }: PickerRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and hears the keys
    <div
      id={id}
      class="row"
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={refusal !== null || undefined}
      data-testid="pick-person"
      data-username={person.username}
      onClick={onPick}
    >
      <Avatar id={person.id} name={fullName(person)} small />
      <span>
        <span class="row-name">{fullName(person)}</span>
        <span class="row-text">@{person.username}</span>
      </span>
      {refusal && <span class="row-end">{refusal}</span>}
    </div>
  )
}
