import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import type { Env } from '../../src/env.ts'
import { createIsolate, type Isolate } from '../../src/isolate.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import { type Costs, Meter } from '../../src/platform/observability/meter.ts'
import { PasswordHasher } from '../../src/platform/security/password.ts'
import { QUICK_PASSWORDS } from './people.ts'

/** An answer with its body read. */
export interface Answer<T = unknown> {
  status: number
  headers: Headers
  /** The parsed JSON, or undefined where there is none. */
  body: Body<T>
  response: Response
  /** What it has cost, deferred work included. */
  costs: Costs
}

export interface Body<T> {
  success: boolean
  data: T
  meta: Record<string, unknown>
  code: string
  message: string
  errors?: { field: string; message: string }[]
  [member: string]: unknown
}

export interface RequestOptions {
  body?: unknown
  headers?: Record<string, string>
  /** Sent as it stands, with the content type of `headers`. */
  raw?: BodyInit
}

export interface Caller {
  get<T>(path: string, options?: RequestOptions): Promise<Answer<T>>
  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>>
  patch<T>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>>
  delete<T>(path: string, options?: RequestOptions): Promise<Answer<T>>
  request<T>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>>
}

export interface Api extends Caller {
  readonly isolate: Isolate
  readonly app: ReturnType<typeof createApp>
  /** The same API with this bearer token. */
  as(caller: { accessToken: string }): Caller
}

const ORIGIN = 'http://localhost'

/**
 * An app of its own, with memories of its own, over the shared databases: two of them are two isolates.
 * A request resolves once all that it deferred has settled too. Passwords are quick, unless a test is about their cost.
 */
export function createApi(
  options: {
    clock?: Clock
    env?: Partial<Env>
    settings?: Partial<Env>
    handlerDeadlineMs?: number
    passwords?: PasswordHasher
  } = {},
): Api {
  const bindings = { ...env, ...options.env, ...options.settings } as Env
  const passwords = options.passwords ?? new PasswordHasher(QUICK_PASSWORDS)
  const isolate = createIsolate(bindings, options.clock ?? systemClock, passwords)
  const app = createApp({
    isolate,
    ...(options.handlerDeadlineMs === undefined ? {} : { handlerDeadlineMs: options.handlerDeadlineMs }),
  })

  const meters = new Map<string, Meter>()
  isolate.watchCosts = (requestId, meter) => meters.set(requestId, meter)
  const costsOf = (requestId: string | null): Costs => {
    // The answer to an upgrade has no headers of ours: then it is the latest.
    const id = requestId ?? [...meters.keys()].at(-1) ?? ''
    const { costs } = meters.get(id) ?? new Meter()
    meters.delete(id)
    return costs
  }

  const caller = (defaults: Record<string, string>): Caller => {
    const request = async <T>(method: string, path: string, given: RequestOptions = {}): Promise<Answer<T>> => {
      const hasBody = given.body !== undefined
      const ctx = createExecutionContext()
      const response = await app.fetch(
        new Request(new URL(path, ORIGIN), {
          method,
          headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...defaults, ...given.headers },
          ...(hasBody ? { body: JSON.stringify(given.body) } : {}),
          ...(given.raw === undefined ? {} : { body: given.raw }),
        }),
        bindings,
        ctx,
      )
      await waitOnExecutionContext(ctx)
      const isJson = method !== 'HEAD' && (response.headers.get('content-type')?.includes('json') ?? false)
      const body = isJson ? await response.clone().json() : undefined
      const costs = costsOf(response.headers.get('x-request-id'))
      return { status: response.status, headers: response.headers, body: body as Body<T>, response, costs }
    }
    return {
      request,
      get: (path, given) => request('GET', path, given),
      post: (path, body, given) => request('POST', path, { ...given, ...(body === undefined ? {} : { body }) }),
      patch: (path, body, given) => request('PATCH', path, { ...given, ...(body === undefined ? {} : { body }) }),
      delete: (path, given) => request('DELETE', path, given),
    }
  }
  return {
    isolate,
    app,
    ...caller({}),
    as: ({ accessToken }) => caller({ authorization: `Bearer ${accessToken}` }),
  }
}
