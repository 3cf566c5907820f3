import { ApiError } from '../../client/index.ts'

export interface ProblemWords {
  kind: 'offline' | 'forbidden' | 'missing' | 'limited' | 'broken' | 'refused'
  title: string
  text: string
  /** Until it makes sense to ask again; 0 where nobody said. */
  waitSeconds: number
  /** By which the log finds the request. */
  reference: string | null
}

/** What a failed call is called in front of people. Anything but an `ApiError` is a mistake of the page's own. */
export function wordsOf(problem: unknown): ProblemWords {
  if (!(problem instanceof ApiError)) {
    // A script of the page that did not come is the network's doing far more often than ours.
    return navigator.onLine
      ? words('broken', 'Something went wrong', 'The page has made a mistake. Loading it again may help.')
      : OFFLINE
  }
  const { status, message, correlationId: reference, retryAfterSeconds } = problem
  const waitSeconds = retryAfterSeconds ?? 0
  if (problem.isUnanswered) return OFFLINE
  if (status === 403) return words('forbidden', 'This is not yours to see', sentence(message))
  if (status === 404 || status === 410) return words('missing', 'There is nothing here', sentence(message))
  if (status === 429) {
    return { ...words('limited', 'A little too fast', 'This was asked for more often than it may be.'), waitSeconds }
  }
  if (status === 503) {
    return { ...words('limited', 'Busy at the moment', 'Selvage has more to do than it can right now.'), waitSeconds }
  }
  if (status >= 500) {
    return { ...words('broken', 'Something went wrong', 'That is on our side, and we have a note of it.'), reference }
  }
  return { ...words('refused', 'That did not work', sentence(message)), reference }
}

/** The same in one line, for a toast or beside a button. */
export function lineOf(problem: unknown): string {
  const { kind, title, text, waitSeconds } = wordsOf(problem)
  if (kind === 'limited') return `${title}. ${waitSeconds > 0 ? `Try again in ${waitSeconds} s.` : 'Try again soon.'}`
  if (kind === 'refused' || kind === 'missing' || kind === 'forbidden') return text
  return `${title}. ${text}`
}

const words = (kind: ProblemWords['kind'], title: string, text: string): ProblemWords => {
  return { kind, title, text, waitSeconds: 0, reference: null }
}

const OFFLINE = words('offline', 'Selvage cannot be reached', 'Check your connection. This goes on when it is back.')

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`
}
