import type { Workspace } from '../workspace.ts'

export type Leaving = 'here' | 'everywhere'

/** What of a workspace the way out goes through. */
export interface Leaver {
  client: { auth: Record<'logout' | 'logoutEverywhere', () => Promise<void>> }
  inbox: { flush(): Promise<void> }
  setLeaving: Workspace['setLeaving']
}

/** Ends the session. Rejects where that failed: then one is still signed in, here and in the other tabs. */
export async function signOut({ client: { auth }, inbox, setLeaving }: Leaver, how: Leaving): Promise<void> {
  setLeaving(true)
  try {
    // Who is signed out can remove nothing any more.
    await inbox.flush()
    await (how === 'here' ? auth.logout() : auth.logoutEverywhere())
  } catch (problem) {
    setLeaving(false)
    throw problem
  }
}

/** What signing out would lose, in words; null where it loses nothing. */
export function lossOf(unsent: number): string | null {
  if (unsent === 0) return null
  return unsent === 1
    ? 'One message was not sent yet. It is lost if you sign out now.'
    : `${unsent} messages were not sent yet. They are lost if you sign out now.`
}
