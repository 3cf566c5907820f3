import type { Problem, ProblemCode } from './api-types.ts'

/** Codes that the client gives itself; every other code is the server's. */
export const CLIENT_CODES = {
  /** No answer came: the network, or a server that is down. */
  network: 'NETWORK_ERROR',
  timeout: 'TIMEOUT',
  /** The caller's own signal ended the call. */
  aborted: 'ABORTED',
  /** An answer that no server of ours gives; a proxy, perhaps. */
  badAnswer: 'BAD_ANSWER',
  /** The connection was closed on purpose before the server had answered. */
  closed: 'CONNECTION_CLOSED',
  /** The connection was lost before the server had answered, and what was asked cannot be asked twice. */
  lost: 'CONNECTION_LOST',
} as const

export type ClientCode = (typeof CLIENT_CODES)[keyof typeof CLIENT_CODES]
export type ErrorCode = ProblemCode | ClientCode

export interface FieldProblem {
  field: string
  message: string
}

/** Of `STEP_UP_REQUIRED`: by what the person may show anew who they are. */
export type StepUp = NonNullable<Problem['stepUp']>

export interface ApiErrorDetails {
  /** HTTP status; 0 where no answer came. */
  status: number
  code: ErrorCode
  message: string
  fields?: FieldProblem[]
  stepUp?: StepUp | null
  correlationId?: string | null
  retryAfterSeconds?: number | null
  mayBeDone?: boolean
}

/** The one error that a call rejects with. Branch on `code`; `message` is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: ErrorCode
  readonly fields: FieldProblem[]
  readonly stepUp: StepUp | null
  readonly correlationId: string | null
  readonly retryAfterSeconds: number | null
  /** An earlier try of the same call got no answer, and may have had its effect: a 404 after that may mean "done". */
  readonly mayBeDone: boolean

  constructor(details: ApiErrorDetails) {
    super(details.message)
    this.status = details.status
    this.code = details.code
    this.fields = details.fields ?? []
    this.stepUp = details.stepUp ?? null
    this.correlationId = details.correlationId ?? null
    this.retryAfterSeconds = details.retryAfterSeconds ?? null
    this.mayBeDone = details.mayBeDone ?? false
  }

  /** No answer came: the call may or may not have had its effect. */
  get isUnanswered(): boolean {
    return this.status === 0
  }
}
