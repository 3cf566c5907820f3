import { ApiError } from '../../client/index.ts'
import { PasskeyDeclined, PasskeyFailed } from '../passkey-problem.ts'

export interface FormProblems {
  /** What concerns no single field. */
  form: string | null
  fields: Record<string, string>
  /** Until another try can help; 0 where one may try at once. */
  waitSeconds: number
}

export const NO_PROBLEMS: FormProblems = { form: null, fields: {}, waitSeconds: 0 }

/** They name a field of the wire, which is no field of a form. */
const CAPTCHA_SENTENCES: Record<string, string> = {
  CAPTCHA_REQUIRED: 'After this many tries, first show below that you are not a program.',
  CAPTCHA_FAILED: 'The check that you are not a program has failed. Do it again below.',
}

const FIELD_OF_CODE: Record<string, string> = { EMAIL_TAKEN: 'email', USERNAME_TAKEN: 'username' }

/** What a form may call the field of a code: it says so where the code is wrong. */
const CODE_FIELDS = ['mfaCode', 'backupCode', 'code']

/** Above this it is not haste that is meant: an account or an address is locked for a while. */
const LOCKED_FROM_SECONDS = 90

/** Puts what the server refused beside the fields that it concerns. */
export function problemsOf(error: unknown, known: readonly string[]): FormProblems {
  if (error instanceof PasskeyDeclined) return NO_PROBLEMS
  if (error instanceof PasskeyFailed) return { ...NO_PROBLEMS, form: error.message }
  if (!(error instanceof ApiError)) return { ...NO_PROBLEMS, form: 'Something went wrong. Please try again.' }
  const captcha = CAPTCHA_SENTENCES[error.code]
  if (captcha) return { ...NO_PROBLEMS, form: captcha }
  const isCode = error.code === 'INVALID_CODE'
  const field = isCode ? known.find((name) => CODE_FIELDS.includes(name)) : FIELD_OF_CODE[error.code]
  if (field) return { ...NO_PROBLEMS, fields: { [field]: error.message } }
  const fields: Record<string, string> = {}
  const others: string[] = []
  for (const { field, message } of error.fields) {
    if (known.includes(field)) fields[field] ??= message
    else others.push(`${field}: ${message}`)
  }
  if (Object.keys(fields).length > 0) return { ...NO_PROBLEMS, form: others.join('. ') || null, fields }
  return { form: others.join('. ') || sentenceOf(error), fields, waitSeconds: error.retryAfterSeconds ?? 0 }
}

function sentenceOf(error: ApiError): string {
  if (error.isUnanswered) return `${error.message}. Check your connection and try again; what you typed is still here.`
  const wait = error.retryAfterSeconds ?? 0
  if (error.code === 'ADDRESS_BLOCKED') {
    return 'Too many failed sign-ins have come from your network. Signing in from here is closed for a while.'
  }
  if (error.status === 429 && wait >= LOCKED_FROM_SECONDS) {
    return 'Too many tries. To keep accounts safe, this is closed for a while.'
  }
  if (error.status === 503 || error.status === 429) return 'Selvage is busy at the moment. Please try again shortly.'
  if (error.status >= 500) return `Something went wrong on our side. Reference: ${error.correlationId ?? 'none'}`
  return error.message
}

/** `48 s`, or `14 min` where seconds are not what counts. */
export function waitInWords(seconds: number): string {
  return seconds < LOCKED_FROM_SECONDS ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
