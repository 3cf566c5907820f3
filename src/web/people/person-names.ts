import type { KnownPerson } from './shown-person.ts'

/** The whole name where it is known, else the username. */
export function titleOf({ username, firstName = '', lastName = '' }: KnownPerson): string {
  return `${firstName} ${lastName}`.trim() || username
}
