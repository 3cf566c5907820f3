import { ApiError, CLIENT_CODES, type ErrorCode, type FieldProblem, type StepUp } from './api-error.ts'

const CALL_TIMEOUT_MS = 20_000

export type QueryValue = string | number | boolean | null | undefined

export interface CallOptions {
  query?: Record<string, QueryValue> | undefined
  body?: unknown
  token?: string | null | undefined
  idempotencyKey?: string | undefined
  ifMatch?: string | undefined
  signal?: AbortSignal | undefined
  timeoutMs?: number
}

export interface Answer<T, M = unknown> {
  data: T
  meta: M
  /** Of what can be changed: a change of it names it, as `ifMatch`. */
  etag?: string
}

export type Http = <T>(method: string, path: string, options?: CallOptions) => Promise<Answer<T>>

/** Speaks the envelope, once a call, and knows nothing of sessions. Rejects with ApiError only. */
export function createHttp(baseUrl: string): Http {
  return async <T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const { signal, timeoutMs = CALL_TIMEOUT_MS } = options
    const late = AbortSignal.timeout(timeoutMs)
    const init = {
      method,
      headers: headersOf(options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: signal ? either(signal, late) : late,
      // Also from a page that is being left.
      keepalive: method === 'DELETE',
    }
    let response: Response
    let text: string
    try {
      response = await fetch(urlOf(baseUrl, path, options.query), init)
      text = await response.text()
    } catch (cause) {
      throw unanswered(cause, signal)
    }
    return answerOf<T>(response, text)
  }
}

function urlOf(baseUrl: string, path: string, query: CallOptions['query']): string {
  const url = new URL(path, baseUrl)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
  }
  return url.href
}

function headersOf({ token, body, idempotencyKey, ifMatch }: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token) headers.authorization = `Bearer ${token}`
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  if (ifMatch) headers['if-match'] = ifMatch
  return headers
}

/** `AbortSignal.any`, which the older ones of the browsers that we serve lack. */
function either(...signals: AbortSignal[]): AbortSignal {
  const both = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) both.abort(signal.reason)
    signal.addEventListener('abort', () => both.abort(signal.reason), { once: true, signal: both.signal })
  }
  return both.signal
}

type Envelope = Record<string, unknown>

/** The shape of what succeeds is the server's promise, which its own tests keep. */
function answerOf<T>(response: Response, text: string): Answer<T> {
  if (response.status === 204) return { data: undefined as T, meta: undefined }
  const envelope = parse(text)
  // A probe's answer is one whatever its status says.
  if (envelope?.success === true) {
    const etag = response.headers.get('etag')
    return { data: envelope.data as T, meta: envelope.meta, ...(etag === null ? {} : { etag }) }
  }
  if (response.ok && envelope && !('success' in envelope)) return { data: envelope as T, meta: undefined }
  throw refusalOf(response, envelope ?? {})
}

/** Undefined for what is none, such as a proxy's HTML page: its status says more than the parser's complaint. */
function parse(text: string): Envelope | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Envelope) : undefined
  } catch {
    return undefined
  }
}

function refusalOf(response: Response, envelope: Envelope): ApiError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError({
    status: response.status,
    code: typeof envelope.code === 'string' ? (envelope.code as ErrorCode) : CLIENT_CODES.badAnswer,
    message: typeof envelope.message === 'string' ? envelope.message : `The server answered ${response.status}`,
    fields: Array.isArray(envelope.errors) ? (envelope.errors as FieldProblem[]) : [],
    stepUp: stepUpOf(envelope.stepUp),
    correlationId:
      typeof envelope.correlationId === 'string' ? envelope.correlationId : response.headers.get('x-request-id'),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
  })
}

function stepUpOf(told: unknown): StepUp | null {
  const methods = (told as Partial<StepUp> | undefined)?.methods
  return Array.isArray(methods) ? { methods } : null
}

function unanswered(cause: unknown, signal: AbortSignal | undefined): ApiError {
  if (signal?.aborted) return new ApiError({ status: 0, code: CLIENT_CODES.aborted, message: 'The call was given up' })
  const isLate = cause instanceof Error && cause.name === 'TimeoutError'
  return new ApiError({
    status: 0,
    code: isLate ? CLIENT_CODES.timeout : CLIENT_CODES.network,
    message: isLate ? 'The server took too long to answer' : 'The server cannot be reached',
  })
}
