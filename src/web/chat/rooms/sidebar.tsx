import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { useOpenPrivate } from '../../people/use-open-private.ts'
import { usePeopleSearch } from '../../people/use-people-search.ts'
import { navigate, roomHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { useWorkspace } from '../../workspace.ts'
import { NewGroup } from './new-group.tsx'
import { OpenGroups } from './open-groups.tsx'
import { filterRooms } from './room-permissions.ts'
import { RoomRows } from './room-rows.tsx'
import { type Found, foundId, SearchResults } from './search-results.tsx'

const LIST_ID = 'search-results'
/** Preact's types want it said beside the role of a combobox. */
const NO_DATALIST = { list: undefined }
const MOST_ROOMS = 12

/** The search field, and under it the rooms; or, while something is typed, the rooms and people that it finds. */
export function Sidebar({ openRoomId }: { openRoomId: string | null }) {
  const workspace = useWorkspace()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const [dialog, setDialog] = useState<'new-group' | 'open-groups' | null>(null)
  const rows = useRef<HTMLElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const headingId = useId()
  const { rooms } = useStore(workspace.rooms.state)
  const search = usePeopleSearch(text)
  const open = useOpenPrivate()
  const isSearching = text.trim() !== ''
  const found = isSearching ? findAll(filterRooms(rooms, text).slice(0, MOST_ROOMS), search.people) : []
  const chosen = found[Math.min(active, found.length - 1)]

  // The focus went with the room that was left: it goes on at its row, or at the heading where that is gone too.
  const before = useRef(openRoomId)
  useEffect(() => {
    const left = before.current
    before.current = openRoomId
    if (!left || openRoomId || document.activeElement !== document.body) return
    const row = rows.current?.querySelector<HTMLElement>(`[data-room-id="${CSS.escape(left)}"]`)
    ;(row ?? heading.current)?.focus()
  }, [openRoomId])

  const pick = async (one: Found) => {
    if (one.kind === 'room') navigate(roomHref(one.room.id))
    else await open.run(one.person.id)
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length > 0) {
      event.preventDefault()
      setActive((Math.min(active, found.length - 1) + step + found.length) % found.length)
    } else if (event.key === 'ArrowDown' && !isSearching) {
      event.preventDefault()
      rows.current?.querySelector<HTMLElement>('a')?.focus()
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault()
      void pick(chosen)
    } else if (event.key === 'Escape' && text) {
      event.preventDefault()
      setText('')
    }
  }

  const Heading = openRoomId ? 'h2' : 'h1'
  return (
    <>
      <div class="side-search">
        {/* Where no room is open, this is what the page is about. */}
        <Heading class="visually-hidden" id={headingId} ref={heading} tabIndex={-1}>
          Conversations
        </Heading>
        <search class="search-field">
          <Icon name="search" />
          <input
            ref={field}
            class="field-input"
            type="search"
            name="q"
            placeholder="Find a conversation or person"
            aria-label="Find a conversation or person"
            autocomplete="off"
            spellcheck={false}
            maxLength={100}
            {...NO_DATALIST}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={found.length > 0}
            aria-controls={found.length > 0 ? LIST_ID : undefined}
            aria-activedescendant={chosen ? foundId(chosen) : undefined}
            data-testid="people-search"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value)
              setActive(0)
            }}
            onKeyDown={onKeyDown}
          />
        </search>
        <Button kind="icon" label="New group" onPress={() => setDialog('new-group')} testId="new-group">
          <Icon name="plus" />
        </Button>
      </div>
      {isSearching ? (
        <div class="side-list">
          <SearchResults
            listId={LIST_ID}
            found={found}
            search={search}
            text={text}
            active={chosen ?? null}
            onPick={(one) => void pick(one)}
          />
        </div>
      ) : (
        <nav
          class="side-list"
          aria-label="Conversations"
          ref={rows}
          onKeyDown={(event) => moveAlong(event, rows.current, field.current)}
        >
          <RoomRows openRoomId={openRoomId} onFindOpen={() => setDialog('open-groups')} />
        </nav>
      )}
      <div class="side-foot">
        <Button kind="quiet" onPress={() => setDialog('open-groups')} testId="open-groups">
          <Icon name="hash" />
          Browse open groups
        </Button>
      </div>
      {dialog === 'new-group' && <NewGroup onClose={() => setDialog(null)} />}
      {dialog === 'open-groups' && <OpenGroups onClose={() => setDialog(null)} />}
    </>
  )
}

/** Who has a conversation already is found by that. */
function findAll(
  rooms: ReturnType<typeof filterRooms<Extract<Found, { kind: 'room' }>['room']>>,
  people: Extract<Found, { kind: 'person' }>['person'][],
): Found[] {
  const known = new Set(rooms.flatMap(({ peer }) => (peer ? [peer.id] : [])))
  return [
    ...rooms.map((room): Found => ({ kind: 'room', room })),
    ...people.filter(({ id }) => !known.has(id)).map((person): Found => ({ kind: 'person', person })),
  ]
}

/** Arrows go from row to row, and above the first one back to the field. */
function moveAlong(event: KeyboardEvent, list: HTMLElement | null, above: HTMLElement | null): void {
  const links = [...(list?.querySelectorAll<HTMLElement>('a') ?? [])]
  const at = links.findIndex((link) => link === document.activeElement)
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (next === undefined || at < 0) return
  event.preventDefault()
  if (next < 0) above?.focus()
  else links[Math.min(next, links.length - 1)]?.focus()
}
