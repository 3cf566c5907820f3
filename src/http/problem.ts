import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { isoTime } from '../platform/clock.ts'
import { AlreadyDone } from '../platform/db/commit.ts'
import { type ErrorCode, type FieldError, Refusal, type StepUp } from '../platform/errors.ts'
import { whyUnavailable } from '../platform/unavailable.ts'
import { accepts } from './accept.ts'
import type { AppEnv } from './app-env.ts'

/** The one place where a code becomes a status. */
const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  MALFORMED_REQUEST: 400,
  VALIDATION_FAILED: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  INVALID_CREDENTIALS: 401,
  INVALID_REFRESH_TOKEN: 401,
  INVALID_TOKEN: 400,
  INVALID_CODE: 401,
  MFA_ENABLED: 400,
  MFA_NOT_ENABLED: 400,
  FORBIDDEN: 403,
  EMAIL_NOT_VERIFIED: 403,
  STEP_UP_REQUIRED: 403,
  SESSION_REQUIRED: 403,
  CAPTCHA_REQUIRED: 400,
  CAPTCHA_FAILED: 403,
  ADDRESS_BLOCKED: 403,
  ORIGIN_NOT_ALLOWED: 403,
  HOST_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  REQUEST_IN_PROGRESS: 409,
  EMAIL_TAKEN: 409,
  USERNAME_TAKEN: 409,
  SIGN_IN_TO_LINK: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  UPGRADE_REQUIRED: 426,
  PRECONDITION_REQUIRED: 428,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
}

const RETRY_AFTER_SECONDS = 1
const PROBLEM_TYPE = 'application/problem+json'

export interface ErrorBody {
  success: false
  statusCode: number
  code: ErrorCode
  message: string
  errors?: FieldError[]
  stepUp?: StepUp
  timestamp: string
  path: string
  method: string
  correlationId: string
}

/** Turns whatever was thrown into the refusal that the client may see. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof AlreadyDone) {
    // Only where what it has answered cannot be read just now: otherwise that is given again.
    return new Refusal('REQUEST_IN_PROGRESS', 'This request has been made before. Ask again for its answer.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    })
  }
  if (error instanceof HTTPException) return fromHttpException(error)
  const why = whyUnavailable(error)
  if (why !== undefined) {
    return new Refusal('UNAVAILABLE', 'The service is busy. Try again shortly.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      reason: why,
    })
  }
  return new Refusal('INTERNAL_ERROR', 'Something went wrong on our side')
}

export function statusOf(refusal: Refusal): number {
  return STATUS[refusal.code]
}

/** The answer to a refusal: our envelope, or RFC 9457 where the client asks for that. */
export function problemResponse(c: Context<AppEnv>, refusal: Refusal): Response {
  const statusCode = STATUS[refusal.code]
  const body: ErrorBody = {
    success: false,
    statusCode,
    code: refusal.code,
    message: refusal.message,
    ...(refusal.fields ? { errors: refusal.fields } : {}),
    ...(refusal.stepUp ? { stepUp: refusal.stepUp } : {}),
    timestamp: isoTime(c.get('isolate').clock()),
    path: c.req.path,
    method: c.req.method,
    correlationId: c.get('scope').correlationId,
  }
  if (refusal.retryAfterSeconds !== undefined) c.header('Retry-After', String(refusal.retryAfterSeconds))
  if (statusCode === 401) c.header('WWW-Authenticate', 'Bearer')
  c.header('Cache-Control', 'no-store')
  if (!accepts(c.req.header('accept') ?? '', [PROBLEM_TYPE])) return c.json(body, statusCode)
  return c.body(JSON.stringify(toProblem(body)), statusCode, { 'Content-Type': PROBLEM_TYPE })
}

function toProblem({ success: _, statusCode, code, message, path, ...members }: ErrorBody): object {
  return {
    type: `urn:selvage:error:${code.toLowerCase().replaceAll('_', '-')}`,
    title: code,
    status: statusCode,
    detail: message,
    instance: path,
    ...members,
  }
}

function fromHttpException({ status, message }: HTTPException): Refusal {
  if (status === 413) return new Refusal('PAYLOAD_TOO_LARGE', 'The body is too large')
  if (status === 403) return new Refusal('FORBIDDEN', 'This is not allowed', { reason: message })
  if (status < 500) return new Refusal('MALFORMED_REQUEST', 'The request cannot be read', { reason: message })
  return new Refusal('INTERNAL_ERROR', 'Something went wrong on our side', { reason: message })
}
