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
  'MFA_ENABLED',
  'MFA_NOT_ENABLED',
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
  'PRECONDITION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNPROCESSABLE',
  'IDEMPOTENCY_KEY_REUSED',
  'UPGRADE_REQUIRED',
  'PRECONDITION_REQUIRED',
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

/** By what a caller may show who they are, where a route wants to know it anew. */
export const PROOF_METHODS = ['password', 'totp', 'backup-code', 'passkey', 'sign-in'] as const
export type ProofMethod = (typeof PROOF_METHODS)[number]

/** Tells the client what to ask for; `sign-in` is what is left to those who have nothing else. */
export interface StepUp {
  methods: ProofMethod[]
}

export interface RefusalOptions {
  fields?: FieldError[]
  /** Of `STEP_UP_REQUIRED`. */
  stepUp?: StepUp
  /** Whole seconds; becomes `Retry-After`. */
  retryAfterSeconds?: number
  /** What happened, for the log only. It never reaches the client. */
  reason?: string
  /**
   * What the rules of a conversation say to somebody who may be there: muted, blocked, not its owner. Nobody reaches
   * for what is not theirs by it, so the audit trail does not tell of it.
   */
  isRoutine?: boolean
}

/** An expected "no": the caller learns the code and the message, nothing else. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined
  readonly stepUp: StepUp | undefined
  readonly retryAfterSeconds: number | undefined
  readonly reason: string | undefined
  readonly isRoutine: boolean

  constructor(code: ErrorCode, message: string, options: RefusalOptions = {}) {
    super(message)
    this.code = code
    this.fields = options.fields
    this.stepUp = options.stepUp
    this.retryAfterSeconds = options.retryAfterSeconds
    this.reason = options.reason
    this.isRoutine = options.isRoutine ?? false
  }
}

/** The same sentence whether the thing is missing or somebody else's: a stranger learns nothing. */
export function notFound(entity: string): Refusal {
  return new Refusal('NOT_FOUND', `${entity} not found`)
}

export function stepUpRequired(methods: ProofMethod[]): Refusal {
  return new Refusal('STEP_UP_REQUIRED', 'Show first that it is you', { stepUp: { methods } })
}

export function unauthenticated(reason: string): Refusal {
  return new Refusal('UNAUTHENTICATED', 'Authentication is required', { reason })
}
