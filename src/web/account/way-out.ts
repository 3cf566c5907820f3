export type Leaving = 'here' | 'everywhere'

/** What signing out would lose, in words; null where it loses nothing. */
export function lossOf(unsent: number): string | null {
  if (unsent === 0) return null
  return unsent === 1
    ? 'One message was not sent yet. It is lost if you sign out now.'
    : `${unsent} messages were not sent yet. They are lost if you sign out now.`
}
