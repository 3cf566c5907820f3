import { ApiError, CLIENT_CODES, type FieldProblem } from './api-error.ts'

const CALL_TIMEOUT_MS = 20_000

export type QueryValue = string | number | boolean | null | undefined

export interface CallOptions {
  query?: Record<string, QueryValue>
  body?: unknown
  token?: string | null
  signal?: AbortSignal
  timeoutMs?: number
}

export interface PageMeta {
  limit?: number
  nextCursor?: string | null
  hasNextPage?: boolean
}

export interface Answer<T> {
  data: T
  meta: PageMeta
}

export type Http = <T>(method: string, path: string, options?: CallOptions) => Promise<Answer<T>>

/** Speaks the envelope and knows nothing of sessions. Rejects with ApiError only. */
export function createHttp(baseUrl: string): Http {
  return async <T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const response = await answer(urlOf(baseUrl, path, options.query), {
      method,
      headers: headersOf(options),
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: signalOf(options),
    })
    if (response.status === 204) return { data: undefined as T, meta: {} }
    const envelope = await envelopeOf(response)
    if (!response.ok || envelope.success !== true) throw refusalOf(response, envelope)
    return { data: envelope.data as T, meta: (envelope.meta ?? {}) as PageMeta }
  }
}

function urlOf(baseUrl: string, path: string, query: CallOptions['query']): string {
  const url = new URL(path, baseUrl)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value))
  }
  return url.href
}

function headersOf({ token, body }: CallOptions): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token) headers.authorization = `Bearer ${token}`
  return headers
}

function signalOf({ signal, timeoutMs = CALL_TIMEOUT_MS }: CallOptions): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs)
  return signal ? AbortSignal.any([signal, late]) : late
}

async function answer(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw unanswered(cause)
  }
}

type Envelope = Record<string, unknown>

async function envelopeOf(response: Response): Promise<Envelope> {
  const text = await response.text().catch((cause: unknown) => {
    throw unanswered(cause)
  })
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Envelope) : {}
  } catch {
    // A proxy's HTML page, say: the status still tells more than the parser's complaint.
    return {}
  }
}

function refusalOf(response: Response, envelope: Envelope): ApiError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError({
    status: response.status,
    code: typeof envelope.code === 'string' ? envelope.code : CLIENT_CODES.badAnswer,
    message: typeof envelope.message === 'string' ? envelope.message : `The server answered ${response.status}`,
    fields: Array.isArray(envelope.errors) ? (envelope.errors as FieldProblem[]) : [],
    correlationId:
      typeof envelope.correlationId === 'string' ? envelope.correlationId : response.headers.get('x-request-id'),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
  })
}

function unanswered(cause: unknown): ApiError {
  const late = cause instanceof Error && cause.name === 'TimeoutError'
  return new ApiError({
    status: 0,
    code: late ? CLIENT_CODES.timeout : CLIENT_CODES.network,
    message: late ? 'The server took too long to answer' : 'The server cannot be reached',
  })
}
