import ADDRESSES from './addresses.json'
import { hrefOf } from './href.ts'
import { isKnownAddress } from './known-address.ts'

interface Place {
  path: string
  query: Readonly<Record<string, string>>
}

/** Never ours by what it looks like, but by what a browser makes of it. */
const NOWHERE = 'https://pages.invalid'

/** Pages that are done with once somebody is in. */
const PASSED: readonly string[] = [
  ADDRESSES.signingIn,
  ADDRESSES.forgotPassword,
  ADDRESSES.resetPassword,
  ADDRESSES.verifyEmail,
]

/**
 * The place that `next` of an address names: a page of ours by its path and query, and nothing else that somebody may
 * have written into a link. Null where it names none.
 */
export function placeAfter(next: string | undefined): string | null {
  if (!next?.startsWith('/') || !URL.canParse(next, NOWHERE)) return null
  const { origin, pathname, search, searchParams } = new URL(next, NOWHERE)
  const isOurs = origin === NOWHERE && isKnownAddress(pathname) && !PASSED.includes(pathname)
  // A place that leads on to another one would let two of them lead to each other.
  return isOurs && !searchParams.has('next') ? pathname + search : null
}

/** Where whoever is at this address goes on to once they are in; null where it is just the start. */
export function wantedFrom({ path, query }: Place): string | null {
  const place = placeAfter(query.next) ?? placeAfter(hrefOf(path, query))
  return place === ADDRESSES.home ? null : place
}

/** The page where one signs in, which leads back to where one is. */
export const signInHref = (from: Place): string => hrefOf(ADDRESSES.home, { next: wantedFrom(from) })
/** The same by way of a new password. */
export const forgotHref = (from: Place): string => hrefOf(ADDRESSES.forgotPassword, { next: wantedFrom(from) })

/** A place of ours in its parts. */
export function partsOf(place: string): Place {
  const { pathname, searchParams } = new URL(place, NOWHERE)
  return { path: pathname, query: Object.fromEntries(searchParams) }
}
