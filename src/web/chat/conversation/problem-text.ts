import { ApiError, CLIENT_CODES } from '../../../client/index.ts'

/** A failure of something that was to be done, in words for a toast or a state. */
export function problemText(error: unknown): string {
  const text = loadProblemText(error)
  // The answer alone may be lost.
  return error instanceof ApiError && error.isUnanswered ? `${text}. It may not have been done` : text
}

/** A failure to load something, in words. */
export function loadProblemText(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong'
  if (!error.isUnanswered) return error.message
  return error.code === CLIENT_CODES.network ? 'There is no connection' : 'No answer came'
}
