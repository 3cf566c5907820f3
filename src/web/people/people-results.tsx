import { Avatar } from '../components/avatar.tsx'
import { Notice } from '../components/notice.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { fullName } from '../names.ts'
import { MIN_LETTERS, type PeopleSearch } from './use-people-search.ts'

interface PeopleResultsProps {
  listId: string
  search: PeopleSearch
  isTooShort: boolean
  activeId: string | null
  onPick: (userId: string) => void
}

export const resultId = (userId: string): string => `person-${userId}`

export function PeopleResults({ listId, search, isTooShort, activeId, onPick }: PeopleResultsProps) {
  const { status, people, problem } = search
  if (isTooShort) return <p class="side-hint">Type {MIN_LETTERS} letters or more of a name.</p>
  return (
    <>
      {problem && (
        <Notice title="That did not work" isAlert>
          <p>{problem}.</p>
        </Notice>
      )}
      {status === 'searching' && people.length === 0 && <SkeletonRows count={3} label="Searching" />}
      {status === 'done' && people.length === 0 && (
        <Notice title="Nobody by that name">
          <p>The search looks at the beginning of names and usernames.</p>
        </Notice>
      )}
      <p class="visually-hidden" role="status">
        {status === 'done' ? `${people.length} found` : ''}
      </p>
      {people.length > 0 && (
        <div id={listId} role="listbox" aria-label="People">
          {people.map(({ id, username, ...names }) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and hears the keys
            <div
              key={id}
              id={resultId(id)}
              class="row"
              role="option"
              tabIndex={-1}
              aria-selected={id === activeId}
              data-testid="person-result"
              data-username={username}
              data-user-id={id}
              onClick={() => onPick(id)}
            >
              <Avatar id={id} name={fullName(names)} />
              <span>
                <span class="row-name">{fullName(names)}</span>
                <span class="row-text">@{username}</span>
              </span>
            </div>
          ))}
        </div>
      )}
    </>
  )
}
