import { ApiError } from '../../../client/index.ts'

/** A failure in words for a toast or a state. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something went wrong'
  if (error.isUnanswered) return 'There is no connection. Nothing was changed'
  return error.message
}
