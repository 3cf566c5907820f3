import { Avatar } from '../components/avatar.tsx'
import { titleOf } from './person-names.ts'
import { type KnownPerson, showPerson } from './shown-person.ts'

interface PersonButtonProps {
  person: KnownPerson
  small?: boolean
  /** -1 where arrows lead to it and Tab passes by. */
  tabIndex?: number
}

/** Somebody's avatar, which opens their card. */
export function PersonButton({ person, small, tabIndex }: PersonButtonProps) {
  const name = titleOf(person)
  return (
    <button
      type="button"
      class="person-button"
      tabIndex={tabIndex}
      aria-label={`Who is ${name}?`}
      title={name}
      data-testid="person-button"
      data-user-id={person.id}
      onClick={() => showPerson(person)}
    >
      <Avatar id={person.id} name={name} {...(small ? { small } : {})} />
    </button>
  )
}
