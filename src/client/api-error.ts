export interface FieldProblem {
  field: string
  message: string
}

export interface ApiErrorDetails {
  /** HTTP status; 0 where no answer came. */
  status: number
  code: string
  message: string
  fields?: FieldProblem[]
  correlationId?: string | null
  retryAfterSeconds?: number | null
}

/** Codes that the client gives itself; every other code is the server's. */
export const CLIENT_CODES = {
  network: 'NETWORK_ERROR',
  timeout: 'TIMEOUT',
  badAnswer: 'BAD_ANSWER',
  closed: 'CONNECTION_CLOSED',
} as const

/** The one error that a call rejects with. Branch on `code`; `message` is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly fields: FieldProblem[]
  readonly correlationId: string | null
  readonly retryAfterSeconds: number | null

  constructor(details: ApiErrorDetails) {
    super(details.message)
    this.status = details.status
    this.code = details.code
    this.fields = details.fields ?? []
    this.correlationId = details.correlationId ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
  }

  /** No answer came: the call may or may not have had its effect. */
  get isUnanswered(): boolean {
    return this.status === 0
  }
}
