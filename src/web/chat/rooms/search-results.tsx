import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Person, Room } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Notice } from '../../components/notice.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { fullName, roomSwatchId, roomTitle } from '../../names.ts'
import { MIN_LETTERS, type PeopleSearch } from '../../people/use-people-search.ts'

export type Found = { kind: 'room'; room: Room } | { kind: 'person'; person: Person }

export const foundId = (found: Found): string =>
  found.kind === 'room' ? `found-room-${found.room.id}` : `found-person-${found.person.id}`

interface SearchResultsProps {
  listId: string
  found: Found[]
  search: PeopleSearch
  text: string
  active: Found | null
  onPick: (found: Found) => void
}

/** Own rooms first, at once; people follow when the server has answered. */
export function SearchResults({ listId, found, search, text, active, onPick }: SearchResultsProps) {
  const { status, problem } = search
  const rooms = found.filter(({ kind }) => kind === 'room')
  const people = found.filter(({ kind }) => kind === 'person')
  const isShort = [...text.trim()].length < MIN_LETTERS
  const activeId = active && foundId(active)
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])

  const option = (one: Found) => (
    <Option key={foundId(one)} found={one} isActive={foundId(one) === activeId} onPick={onPick} />
  )
  return (
    <>
      <p class="visually-hidden" role="status">
        {status === 'done' || isShort ? `${found.length} found` : ''}
      </p>
      {found.length > 0 && (
        <div id={listId} role="listbox" aria-label="What was found">
          {rooms.length > 0 && <Group title="Conversations">{rooms.map(option)}</Group>}
          {people.length > 0 && <Group title="People">{people.map(option)}</Group>}
        </div>
      )}
      {status === 'searching' && people.length === 0 && <SkeletonRows count={3} label="Searching" />}
      {status === 'failed' && (
        <Notice title="People could not be searched" isAlert>
          <p>{problem}</p>
        </Notice>
      )}
      {isShort && <p class="side-hint">Type {MIN_LETTERS} letters or more to find people.</p>}
      {status === 'done' && found.length === 0 && (
        <Notice title="Nothing by that name" testId="nothing-found">
          <p>The search looks at your conversations, and at the beginning of people’s names and usernames.</p>
        </Notice>
      )}
    </>
  )
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
    <div role="group" aria-label={title}>
      <p class="side-heading" aria-hidden="true">
        {title}
      </p>
      {children}
    </div>
  )
}

function Option({ found, isActive, onPick }: { found: Found; isActive: boolean; onPick: (found: Found) => void }) {
  const person = found.kind === 'person' ? found.person : found.room.peer
  const title = found.kind === 'person' ? fullName(found.person) : roomTitle(found.room)
  const about = person ? `@${person.username}` : found.kind === 'room' ? countOf(found.room.memberCount) : ''
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and hears the keys
    <div
      id={foundId(found)}
      class="row"
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      data-testid={person ? 'person-result' : 'room-result'}
      data-username={person?.username}
      data-user-id={person?.id}
      onClick={() => onPick(found)}
    >
      <Avatar id={found.kind === 'room' ? roomSwatchId(found.room) : found.person.id} name={title} />
      <span>
        <span class="row-name">{title}</span>
        <span class="row-text">{about}</span>
      </span>
    </div>
  )
}

export const countOf = (members: number): string => (members === 1 ? '1 member' : `${members} members`)
