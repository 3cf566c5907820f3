import type { Client } from '../../../client/index.ts'
import { lineOf } from '../../components/problem-words.ts'
import { toast } from '../../components/toast.tsx'

/** Ends every session but this one, and says so. */
export async function signOutOthers(client: Client): Promise<void> {
  try {
    const isAlone = (await client.auth.logoutElsewhere()) === 0
    toast({ text: isAlone ? 'You are signed in nowhere else' : 'All other devices are signed out', tone: 'good' })
  } catch (problem) {
    toast({ text: lineOf(problem), tone: 'bad' })
  }
}

/** Says that how one signs in has changed, and offers to sign out whoever has come in by what was before. */
export function toastChangedSignIn(client: Client, text: string): void {
  const action = { label: 'Sign out other devices', onPress: () => void signOutOthers(client) }
  toast({ text, tone: 'good', action })
}
