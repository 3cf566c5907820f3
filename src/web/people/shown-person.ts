import { createStore } from '../store.ts'

/** As much as is known of somebody where they are shown; the card finds the rest. */
export interface KnownPerson {
  id: string
  username: string
  firstName?: string
  lastName?: string
  avatar?: string | null
}

export const shownPerson = createStore<{ person: KnownPerson | null }>({ person: null })

/** Opens the card of a person, from wherever they are seen. */
export function showPerson(person: KnownPerson): void {
  shownPerson.set({ person })
}

export function hidePerson(): void {
  shownPerson.set({ person: null })
}
