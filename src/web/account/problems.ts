import { ApiError } from '../../client/index.ts'

export interface FormProblems {
  /** What concerns no single field. */
  form: string | null
  fields: Record<string, string>
}

export const NO_PROBLEMS: FormProblems = { form: null, fields: {} }

const FIELD_OF_CODE: Record<string, string> = { EMAIL_TAKEN: 'email', USERNAME_TAKEN: 'username' }

/** Puts what the server refused beside the fields that it concerns. */
export function problemsOf(error: unknown, known: readonly string[]): FormProblems {
  if (!(error instanceof ApiError)) return { form: 'Something went wrong. Please try again.', fields: {} }
  const field = FIELD_OF_CODE[error.code]
  if (field) return { form: null, fields: { [field]: error.message } }
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const { field, message } of error.fields) {
    if (known.includes(field)) fields[field] ??= message
    else others.push(`${field}: ${message}`)
  }
  if (Object.keys(fields).length > 0) return { form: others.join('. ') || null, fields }
  return { form: others.join('. ') || sentenceOf(error), fields }
}

function sentenceOf(error: ApiError): string {
  if (error.isUnanswered) return `${error.message}. Check your connection and try again.`
  if (error.status === 503 || error.status === 429) {
    const pause = error.retryAfterSeconds
    return `Selvage is busy at the moment. Please try again${pause ? ` in ${pause} s` : ''}.`
  }
  if (error.status >= 500) return `Something went wrong on our side. Reference: ${error.correlationId ?? 'none'}`
  return error.message
}
