import { Avatar } from '../components/avatar.tsx'
import { titleOf } from './person-names.ts'
import { type KnownPerson, showPerson } from './shown-person.ts'

/** Somebody's avatar, which opens their card. */
export function PersonButton({ person, small }: { person: KnownPerson; small?: boolean }) {
  const name = titleOf(person)
  return (
    <button
      type="button"
      class="person-button"
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
