import { ApiError, type StepUp } from './api-error.ts'
import { KEYED_OPERATIONS, type Operations } from './api-types.ts'
import type { Answer, CallOptions, QueryValue } from './http.ts'
import { repeat } from './repeat.ts'

type OperationKey = keyof Operations

export type Method = OperationKey extends `${infer M} ${string}` ? M : never
/** The paths that a method has, as the OpenAPI document writes them. */
export type PathOf<M extends Method> = OperationKey extends infer K ? (K extends `${M} ${infer P}` ? P : never) : never
export type OperationOf<M extends Method, P extends string> = `${M} ${P}` extends OperationKey
  ? Operations[`${M} ${P}`]
  : never

/** What can be said with every call. */
export interface CallSettings {
  signal?: AbortSignal | undefined
  /** A UUID, to repeat a call of an earlier run; else each call has one of its own. */
  idempotencyKey?: string | undefined
  /** The `etag` of what is to be changed, as it was read: 412 where somebody has changed it since. */
  ifMatch?: string | undefined
}

type Nullable<Q> = { [N in keyof Q]: Q[N] | null | undefined }
/** What a list can be asked for, by its method and path. */
export type QueryOf<K extends OperationKey> = Operations[K] extends { query: infer Q } ? Nullable<Q> : never
type Params<O> = O extends { params: infer P } ? { params: P } : unknown
type Query<O> = O extends { query: infer Q }
  ? object extends Q
    ? { query?: Nullable<Q> }
    : { query: Nullable<Q> }
  : unknown
type Body<O> = O extends { body: infer B } ? { body: B } : unknown

/** What an operation takes, in its places. */
export type InputOf<O> = Params<O> & Query<O> & Body<O> & CallSettings
type Rest<O> = object extends InputOf<O> ? [options?: InputOf<O>] : [options: InputOf<O>]
type AnswerOf<O> = O extends { data: infer D; meta: infer M } ? Answer<D, M> : never

/**
 * Calls an operation of the API by its method and path. It answers the data and the envelope's `meta`, and rejects with
 * an ApiError. Calls that can be made twice without harm are made again after a lost answer.
 */
export type Call = <M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...rest: Rest<OperationOf<M, P>>
) => Promise<AnswerOf<OperationOf<M, P>>>

interface Parts extends CallSettings {
  params?: Record<string, string>
  query?: Record<string, QueryValue>
  body?: unknown
}

type Send = <T>(method: string, path: string, options: CallOptions) => Promise<Answer<T>>

/**
 * Asked when the server wants to know anew who it is; true: they have shown it, and the call is made again. A refused
 * call had no effect.
 */
export type ProveAgain = (stepUp: StepUp) => Promise<boolean>

const STEP_UP_PATH = '/v1/auth/step-up'

async function withProof<T>(attempt: () => Promise<T>, proveAgain: ProveAgain): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    const isAsked = error instanceof ApiError && error.code === 'STEP_UP_REQUIRED' && error.stepUp !== null
    if (!isAsked || !(await proveAgain(error.stepUp))) throw error
    return attempt()
  }
}

const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE'])

/** The operation decides the types of what goes in and comes out, which no code that serves all of them can follow. */
export function createCall(begin: () => Send, proveAgain?: ProveAgain): Call {
  const call = (method: string, path: string, parts: Parts = {}): Promise<Answer<unknown>> => {
    const { params = {}, signal, idempotencyKey, ...rest } = parts
    const isKeyed = KEYED_OPERATIONS.has(`${method} ${path}`)
    const key = isKeyed ? (idempotencyKey ?? crypto.randomUUID()) : undefined
    const send = begin()
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
    const attempt = () =>
      repeat(isKeyed || REPEATABLE.has(method), signal, () =>
        send(method, address, { ...rest, signal, idempotencyKey: key }),
      )
    return proveAgain && path !== STEP_UP_PATH ? withProof(attempt, proveAgain) : attempt()
  }
  return call as unknown as Call
}
