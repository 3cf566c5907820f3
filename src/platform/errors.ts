/**
 * The closed list of error codes. A client may branch on a code; texts may change.
 * `src/http/problem.ts` is the one place that maps a code to an HTTP status.
 */
export const ERROR_CODES = [
  'MALFORMED_REQUEST',
  'VALIDATION_FAILED',
  'IDEMPOTENCY_KEY_REQUIRED',
  'UNAUTHENTICATED',
  'INVALID_CREDENTIALS',
  'INVALID_REFRESH_TOKEN',
  'INVALID_TOKEN',
  'INVALID_CODE',
  'FORBIDDEN',
  'EMAIL_NOT_VERIFIED',
  'STEP_UP_REQUIRED',
  'SESSION_REQUIRED',
  'CAPTCHA_REQUIRED',
  'CAPTCHA_FAILED',
  'ADDRESS_BLOCKED',
  'ORIGIN_NOT_ALLOWED',
  'HOST_NOT_ALLOWED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'NOT_ACCEPTABLE',
  'CONFLICT',
  'REQUEST_IN_PROGRESS',
  'EMAIL_TAKEN',
  'USERNAME_TAKEN',
  'SIGN_IN_TO_LINK',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNPROCESSABLE',
  'IDEMPOTENCY_KEY_REUSED',
  'UPGRADE_REQUIRED',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export interface FieldError {
  field: string
  message: string
}

export interface RefusalOptions {
  fields?: FieldError[]
  /** Whole seconds; becomes `Retry-After`. */
  retryAfterSeconds?: number
  /** What happened, for the log only. It never reaches the client. */
  reason?: string
}

/** An expected "no": the caller learns the code and the message, nothing else. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly reason: string | undefined

  constructor(code: ErrorCode, message: string, options: RefusalOptions = {}) {
    super(message)
    this.code = code
    this.fields = options.fields
    this.retryAfterSeconds = options.retryAfterSeconds
    this.reason = options.reason
  }
}

/** The same sentence whether the thing is missing or somebody else's: a stranger learns nothing. */
export function notFound(entity: string): Refusal {
  return new Refusal('NOT_FOUND', `${entity} not found`)
}

export function unauthenticated(reason: string): Refusal {
  return new Refusal('UNAUTHENTICATED', 'Authentication is required', { reason })
}
