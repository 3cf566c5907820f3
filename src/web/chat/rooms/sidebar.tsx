import { useState } from 'preact/hooks'
import { Icon } from '../../components/icon.tsx'
import { PeopleResults, resultId } from '../../people/people-results.tsx'
import { MIN_LETTERS, usePeopleSearch } from '../../people/use-people-search.ts'
import { RoomRows } from './room-rows.tsx'

const LIST_ID = 'people-results'
/** Preact's types want it said beside the role of a combobox. */
const NO_DATALIST = { list: undefined }

/** The search field, and under it the rooms, or the people found while something is typed. */
export function Sidebar({ openRoomId }: { openRoomId: string | null }) {
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const search = usePeopleSearch(text)
  const isSearching = text.trim() !== ''
  const people = search.people
  const chosen = people[Math.min(active, people.length - 1)]

  const pick = async (id: string) => {
    if (await search.open(id)) setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && people.length > 0) {
      event.preventDefault()
      setActive((active + step + people.length) % people.length)
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault()
      void pick(chosen.id)
    } else if (event.key === 'Escape' && text) {
      event.preventDefault()
      setText('')
    }
  }

  const Heading = openRoomId ? 'h2' : 'h1'
  return (
    <>
      <search class="side-search">
        {/* Where no room is open, this is what the page is about. */}
        <Heading class="visually-hidden">Conversations</Heading>
        <Icon name="search" />
        <input
          class="field-input"
          type="search"
          name="q"
          placeholder="Find a person"
          aria-label="Find a person by name"
          autocomplete="off"
          spellcheck={false}
          maxLength={100}
          {...NO_DATALIST}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={people.length > 0}
          aria-controls={people.length > 0 ? LIST_ID : undefined}
          aria-activedescendant={chosen ? resultId(chosen.id) : undefined}
          data-testid="people-search"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
      </search>
      {isSearching ? (
        <div class="side-list">
          <PeopleResults
            listId={LIST_ID}
            search={search}
            isTooShort={[...text.trim()].length < MIN_LETTERS}
            activeId={chosen?.id ?? null}
            onPick={(id) => void pick(id)}
          />
        </div>
      ) : (
        <nav class="side-list" aria-label="Conversations">
          <RoomRows openRoomId={openRoomId} />
        </nav>
      )}
    </>
  )
}
