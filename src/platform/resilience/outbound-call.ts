import { OutboundRefused } from './outage.ts'
import type { Hop } from './redirects.ts'

export type OutboundBody = BodyInit | null

export interface OutboundInit extends Omit<RequestInit, 'body'> {
  /** A function makes the body anew for each attempt: the way to send a stream that can be repeated. */
  body?: OutboundBody | (() => OutboundBody)
}

/** What a caller asked for, taken apart so that it can be sent more than once. */
export interface OutboundCall {
  first: Hop
  signal: AbortSignal | undefined
  followsRedirects: boolean
  /** Sending the body again, to the same or another place, is possible. */
  hasRepeatableBody: boolean
  /** It may be sent again without an effect more: also a POST, with an `Idempotency-Key`. */
  isRepeatable: boolean
  request(hop: Hop, signal: AbortSignal): Request
}

/** RFC 9110, 9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** @throws OutboundRefused for a URL that is none; TypeError, as `fetch` does, for what no request can be made of */
export function readCall(dependency: string, input: RequestInfo | URL, init: OutboundInit): OutboundCall {
  const { body: given, headers, method, signal, redirect, ...rest } = init
  const asked = input instanceof Request ? input : undefined
  const body = given === undefined ? (asked?.body ?? null) : given
  const first: Hop = {
    url: parseUrl(dependency, asked?.url ?? String(input)),
    method: (method ?? asked?.method ?? 'GET').toUpperCase(),
    headers: new Headers(headers ?? asked?.headers),
    hasBody: body !== null,
  }
  const hasRepeatableBody = !(body instanceof ReadableStream)
  const isIdempotent = IDEMPOTENT.has(first.method) || (first.headers.get('idempotency-key') ?? '') !== ''
  return {
    first,
    signal: signal ?? asked?.signal,
    followsRedirects: (redirect ?? asked?.redirect) !== 'manual',
    hasRepeatableBody,
    isRepeatable: hasRepeatableBody && isIdempotent,
    request: (hop, limited) =>
      new Request(hop.url, {
        ...rest,
        method: hop.method,
        headers: hop.headers,
        body: hop.hasBody ? (typeof body === 'function' ? body() : body) : null,
        redirect: 'manual',
        signal: limited,
      }),
  }
}

function parseUrl(dependency: string, text: string): URL {
  if (URL.canParse(text)) return new URL(text)
  throw new OutboundRefused(dependency, 'it is not an absolute URL')
}
