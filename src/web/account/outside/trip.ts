import type { SignInProvider } from '../../../client/index.ts'

/** What this tab has gone to a provider for. */
export interface Trip {
  purpose: 'sign-in' | 'link'
  provider: SignInProvider
  /** Where in our pages it goes on. */
  place: string
}

const KEY = 'selvage-trip'

/** In this tab only: another one knows nothing of it. */
export function noteTrip(trip: Trip): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trip))
  } catch {
    // A browser that keeps nothing: whoever comes back is asked to begin again.
  }
}

/** Once: coming back a second time is no trip any more. */
export function takeTrip(): Trip | null {
  try {
    const text = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return tripOf(JSON.parse(text ?? 'null'))
  } catch {
    return null
  }
}

function tripOf(kept: unknown): Trip | null {
  if (typeof kept !== 'object' || kept === null) return null
  const { purpose, provider, place } = kept as Partial<Trip>
  const isKnown = (purpose === 'sign-in' || purpose === 'link') && typeof provider?.name === 'string'
  // A place of ours: nothing leads out of these pages.
  return isKnown && typeof place === 'string' && /^\/(?![/\\])/.test(place) ? { purpose, provider, place } : null
}

/** What a provider has put into our address; words where it is a refusal, null where it is nothing. */
export type Returned = { code: string; state: string; iss?: string } | { refused: string } | null

export function returnedBy(query: Readonly<Record<string, string>>): Returned {
  const { code, state, iss, error } = query
  if (error !== undefined) {
    return {
      refused: error === 'access_denied' ? 'You said no, so nothing has happened.' : 'It could not help just now.',
    }
  }
  return code && state ? { code, state, ...(iss === undefined ? {} : { iss }) } : null
}
