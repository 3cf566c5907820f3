import { ApiError } from '../../../client/index.ts'
import { lineOf } from '../../components/problem-words.ts'

export interface FieldProblems {
  /** What concerns no single field. */
  form: string | null
  fields: Readonly<Record<string, string>>
}

export const NO_FIELD_PROBLEMS: FieldProblems = { form: null, fields: {} }

/** Puts what the server refused beside the fields of the form that it concerns, and the rest above it. */
export function fieldProblemsOf(error: unknown, names: readonly string[]): FieldProblems {
  if (!(error instanceof ApiError)) return { form: lineOf(error), fields: {} }
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const { field, message } of error.fields) {
    // `memberIds.3` concerns the field of all of them.
    const name = field.split(/[.[]/, 1)[0] ?? field
    if (names.includes(name)) fields[name] ??= message
    else others.push(`${field}: ${message}`)
  }
  const isPlaced = Object.keys(fields).length > 0
  return { form: others.join('. ') || (isPlaced ? null : lineOf(error)), fields }
}
