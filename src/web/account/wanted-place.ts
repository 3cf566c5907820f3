import ADDRESSES from '../addresses.json'
import { isShop } from '../known-address.ts'
import { partsOf, placeAfter } from '../way-back.ts'

/** Where one goes on to after signing in, in words; null where it is just the start. */
export function wantedPlace({ path, query }: { path: string; query: Readonly<Record<string, string>> }): string | null {
  const next = placeAfter(query.next)
  if (next !== null) return wantedPlace(partsOf(next))
  if (isShop(path)) return 'Sign in or create an account, and you are back in the shop where you were.'
  if (path === ADDRESSES.join) return 'You are invited to a conversation. Sign in or create an account to join it.'
  if (path === ADDRESSES.account) return 'Sign in to see your account.'
  if (path === ADDRESSES.notifications) return 'Sign in to see your notifications.'
  if (path.startsWith(ADDRESSES.admin)) return 'Sign in to go on to the pages of the operators.'
  return query.room ? 'Sign in to go on to the conversation that you have opened.' : null
}
